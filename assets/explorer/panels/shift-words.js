/** A corner of a moved image in words: where it lies, and whether cell and offset kept its place. */
import { withMinus } from "../kit/signs.js";

/** @typedef {import("../types.js").Frame} Frame */
/** @typedef {import("../answer-types.js").Shifted} Shifted */
/** @typedef {[number, number]} Place  x, y. */

export const MOST_OFF = 1; // network pixels: a place that is off by no more counts as right

/** Where a step's corner lies, in network pixels. @param {Frame} frame @param {Shifted} step @returns {Place} */
export function placeOfStep({ ratio }, step) {
  return [(step.x + step.offsetX) * ratio[0], (step.y + step.offsetY) * ratio[1]];
}

/** Where it should lie. @param {Frame} frame @param {Shifted[]} steps @param {Shifted} step @returns {Place} */
export function expectedPlace(frame, steps, step) {
  const [x, y] = placeOfStep(frame, steps[0]);
  const moved = step.shift - steps[0].shift;
  return [x + moved, y + moved];
}

/**
 * Say where a step's corner lies, without the padding.
 * @param {Frame} frame
 * @param {Shifted[]} steps
 * @param {Shifted} step
 */
export function stepWords(frame, steps, step) {
  const pixels = (/** @type {Place} */ place) => place.map((v, k) => withMinus(v - frame.shift[k], 1)).join(", ");
  const offset = `(${withMinus(step.offsetX, 3)}, ${withMinus(step.offsetY, 3)})`;
  const found = `cell (${step.x}, ${step.y}) + offset ${offset}: at ${pixels(placeOfStep(frame, step))} network px`;
  return step === steps[0] ? found : `${found}; expected ${pixels(expectedPlace(frame, steps, step))}`;
}

/**
 * Judge all steps: did the cell jump, and at which moves is the place right?
 * @param {Frame} frame
 * @param {Shifted[]} steps  The first is the image at rest.
 */
export function verdictWords(frame, steps) {
  const jump = steps.find((step) => step.x !== steps[0].x || step.y !== steps[0].y);
  const found = jump ? `the cell jumps after ${pixelsWords(jump.shift)}` : "the cell stays the same";
  const moves = steps.slice(1);
  const off = moves.map((step) => distance(frame, steps, step));
  const most = `with offsets the place is off by at most ${Math.max(0, ...off).toFixed(1)} network pixels`;
  const isRight = (/** @type {number} */ k) => Number(off[k].toFixed(1)) <= MOST_OFF;
  const [right, wrong] = [true, false].map((wanted) => moves.filter((_, k) => isRight(k) === wanted));
  if (!wrong.length) return `${found}; ${most}. It stays right, to within ${MOST_OFF} pixel.`;
  if (!right.length)
    return `${found}; ${most}. It does not stay right: every move puts it off by more than ${MOST_OFF}.`;
  return (
    `${found}; ${most}. It stays right, to within ${MOST_OFF} pixel, when moved by ${shiftsWords(right)}, ` +
    `but not when moved by ${shiftsWords(wrong)}.`
  );
}

/** @param {Frame} frame @param {Shifted[]} steps @param {Shifted} step */
function distance(frame, steps, step) {
  const [place, expected] = [placeOfStep(frame, step), expectedPlace(frame, steps, step)];
  return Math.hypot(place[0] - expected[0], place[1] - expected[1]);
}

/** @param {number} count */
function pixelsWords(count) {
  return count === 1 ? "1 pixel" : `${count} pixels`;
}

/** @param {Shifted[]} steps */
function shiftsWords(steps) {
  return steps.map((step) => step.shift).join(" or ");
}
