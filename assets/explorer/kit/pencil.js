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
 */

/**
 * Listen to a board.
 * @param {import("./dom.js").Board} board
 * @param {object} options
 * @param {() => boolean} options.isDrawing  Whether drags make boxes.
 * @param {(box: Box) => void} options.onBox
 * @param {(place: Place) => void} options.onPoint  A click, a tap or Enter.
 * @param {(from: Place, to: Place) => void} options.onDrag  A drag that makes no box.
 * @param {() => void} options.onChange
 * @returns {Pencil}
 */
export function listenToPencil(board, { isDrawing, onBox, onPoint, onDrag, onChange }) {
  const { canvas } = board;
  /** @type {Pencil} */
  const pencil = { draft: null, cursor: null, reset };
  /** @type {Place} */
  let place = [0, 0]; // of the keyboard's cursor
  /** @type {Place | null} */
  let start = null;
  let isDragging = false;

  /** @param {Place} cursor */
  function reset(cursor) {
    [place, start, pencil.draft, pencil.cursor] = [cursor, null, null, null];
  }
  /** @param {PointerEvent} event @returns {Place} */
  function locate(event) {
    const [x, y] = board.locate(event);
    return [Math.max(0, Math.min(board.width, x)), Math.max(0, Math.min(board.height, y))];
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    [start, isDragging, pencil.cursor] = [locate(event), true, null];
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!isDragging || !start || !isDrawing()) return;
    pencil.draft = boxBetweenPlaces(start, locate(event));
    onChange();
  });
  canvas.addEventListener("pointerup", (event) => {
    if (!isDragging || !start) return;
    const [from, to] = [start, locate(event)];
    const sides = [Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1])];
    reset(to);
    isDragging = false;
    if (isDrawing() && Math.min(...sides) * board.scale >= LEAST) onBox(boxBetweenPlaces(from, to));
    else if (!isDrawing() && Math.hypot(...sides) * board.scale >= LEAST) onDrag(from, to);
    else onPoint(to);
    onChange();
  });
  canvas.addEventListener("pointercancel", () => {
    isDragging = false;
    reset(place);
    onChange();
  });

  listenToArrows(canvas, (dx, dy) => {
    const step = Math.max(board.width, board.height) / STEPS;
    place = [
      Math.max(0, Math.min(board.width, place[0] + dx * step)),
      Math.max(0, Math.min(board.height, place[1] + dy * step)),
    ];
    pencil.cursor = place;
    if (start && isDrawing()) pencil.draft = boxBetweenPlaces(start, place);
    onChange();
  });
  canvas.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    pencil.cursor = place;
    if (!isDrawing()) onPoint(place);
    else if (!start) start = place;
    else {
      const box = boxBetweenPlaces(start, place);
      [start, pencil.draft] = [null, null];
      if (box[2] > box[0] && box[3] > box[1]) onBox(box);
    }
    onChange();
  });
  canvas.addEventListener("blur", () => {
    pencil.cursor = null;
    onChange();
  });
  return pencil;
}
