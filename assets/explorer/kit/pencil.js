/** Drawing boxes on a board: by mouse, by touch, and by keys. */
import { listenToArrows } from "./dom.js";

/** @typedef {[number, number]} Place */
/** @typedef {import("../twins/geometry.js").Box} Box */

const LEAST = 6; // CSS pixels: a shorter drag is a click
const STEPS = 60; // key presses from one side to the other

/**
 * Span a box between any two of its opposite corners.
 * @param {Place} a
 * @param {Place} b
 * @returns {Box}
 */
export function boxBetweenPlaces(a, b) {
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[0], b[0]), Math.max(a[1], b[1])];
}

/**
 * @typedef {object} Pencil
 * @property {Box | null} draft  The box that is being drawn.
 * @property {Place | null} cursor  Shown while keys are used.
 * @property {(cursor: Place) => void} reset
 *
 * @typedef {object} Options
 * @property {() => boolean} isDrawing  Whether drags make boxes.
 * @property {(box: Box) => void} onBox
 * @property {(place: Place) => void} onPoint  A click, a tap or Enter.
 * @property {(from: Place, to: Place) => void} onDrag  A drag that makes no box.
 * @property {() => void} onChange
 *
 * @typedef {object} Hand
 * @property {Pencil} pencil
 * @property {import("./dom.js").Board} board
 * @property {Options} options
 * @property {Place} place  Of the keyboard's cursor.
 * @property {Place | null} start  Where a box or a drag begins.
 * @property {boolean} isDragging
 */

/**
 * Listen to a board.
 * @param {import("./dom.js").Board} board
 * @param {Options} options
 * @returns {Pencil}
 */
export function listenToPencil(board, options) {
  /** @type {Pencil} */
  const pencil = { draft: null, cursor: null, reset: (place) => reset(hand, place) };
  /** @type {Hand} */
  const hand = { pencil, board, options, place: [0, 0], start: null, isDragging: false };
  const { canvas } = board;
  canvas.addEventListener("pointerdown", (event) => press(hand, event));
  canvas.addEventListener("pointermove", (event) => drag(hand, event));
  canvas.addEventListener("pointerup", (event) => lift(hand, event));
  canvas.addEventListener("pointercancel", () => {
    hand.isDragging = false;
    reset(hand, hand.place);
    options.onChange();
  });
  listenToArrows(canvas, (dx, dy) => moveCursor(hand, dx, dy));
  canvas.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    setPoint(hand);
  });
  canvas.addEventListener("blur", () => {
    pencil.cursor = null;
    options.onChange();
  });
  return pencil;
}

/** @param {Hand} hand  Is changed. @param {Place} place */
function reset(hand, place) {
  Object.assign(hand, { place, start: null });
  Object.assign(hand.pencil, { draft: null, cursor: null });
}

/**
 * Give a place on the board; beyond its edge, the nearest one.
 * @param {Hand} hand
 * @param {Place} place
 * @returns {Place}
 */
function onBoard({ board }, [x, y]) {
  return [Math.max(0, Math.min(board.width, x)), Math.max(0, Math.min(board.height, y))];
}

/** @param {Hand} hand  Is changed. @param {PointerEvent} event */
function press(hand, event) {
  if (event.button !== 0) return;
  hand.start = onBoard(hand, hand.board.locate(event));
  hand.isDragging = true;
  hand.pencil.cursor = null;
  hand.board.canvas.setPointerCapture(event.pointerId);
}

/** @param {Hand} hand  Is changed. @param {PointerEvent} event */
function drag(hand, event) {
  const { start, options } = hand;
  if (!hand.isDragging || !start || !options.isDrawing()) return;
  hand.pencil.draft = boxBetweenPlaces(start, onBoard(hand, hand.board.locate(event)));
  options.onChange();
}

/**
 * End a drag: it made a box, or joins two places, or was a click.
 * @param {Hand} hand  Is changed.
 * @param {PointerEvent} event
 */
function lift(hand, event) {
  const { start: from, board, options } = hand;
  if (!hand.isDragging || !from) return;
  const to = onBoard(hand, board.locate(event));
  const sides = [Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1])];
  reset(hand, to);
  hand.isDragging = false;
  if (options.isDrawing() && Math.min(...sides) * board.scale >= LEAST) options.onBox(boxBetweenPlaces(from, to));
  else if (!options.isDrawing() && Math.hypot(...sides) * board.scale >= LEAST) options.onDrag(from, to);
  else options.onPoint(to);
  options.onChange();
}

/** @param {Hand} hand  Is changed. @param {number} dx @param {number} dy */
function moveCursor(hand, dx, dy) {
  const { board, pencil, start, options } = hand;
  const step = Math.max(board.width, board.height) / STEPS;
  hand.place = onBoard(hand, [hand.place[0] + dx * step, hand.place[1] + dy * step]);
  pencil.cursor = hand.place;
  if (start && options.isDrawing()) pencil.draft = boxBetweenPlaces(start, hand.place);
  options.onChange();
}

/** Begin a box at the cursor, or end it there; or just point. @param {Hand} hand  Is changed. */
function setPoint(hand) {
  const { pencil, place, start, options } = hand;
  pencil.cursor = place;
  if (!options.isDrawing()) options.onPoint(place);
  else if (!start) hand.start = place;
  else {
    const box = boxBetweenPlaces(start, place);
    [hand.start, pencil.draft] = [null, null];
    if (box[2] > box[0] && box[3] > box[1]) options.onBox(box);
  }
  options.onChange();
}
