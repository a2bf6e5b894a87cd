/** Where corners lie on the line of embeddings. */
import { withMinus } from "./signs.js";

const LEAST_SPAN = 2; // of the line, in maximum distances
const PADDING = 0.04; // of the range of values, left and right

/**
 * @typedef {object} Axis  Embeddings from low to high, over pixels from left to right.
 * @property {number} low
 * @property {number} high
 * @property {number} left
 * @property {number} right
 *
 * @typedef {object} Dot
 * @property {import("../types.js").Side} side
 * @property {number} id
 * @property {number} x
 * @property {number} y
 * @property {number} radius
 */

/**
 * Lay the line so that all values fit, and twice the distance that is allowed.
 * @param {number[]} values
 * @param {number} distance
 * @param {number} left  Pixels.
 * @param {number} right
 * @returns {Axis}
 */
export function axisOf(values, distance, left, right) {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const [from, to] = values.length ? [low, high] : [0, 0];
  const span = (Math.max(LEAST_SPAN * distance, to - from) || 1) * (1 + 2 * PADDING);
  const middle = (from + to) / 2;
  return { low: middle - span / 2, high: middle + span / 2, left, right };
}

/**
 * Give the place of an embedding.
 * @param {Axis} axis
 * @param {number} value
 */
export function placeOn(axis, value) {
  return axis.left + ((value - axis.low) / (axis.high - axis.low)) * (axis.right - axis.left);
}

/**
 * Give round numbers along the line, about `most` of them at most.
 * @param {Axis} axis
 * @param {number} most
 */
export function ticksOf({ low, high }, most) {
  const least = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map((factor) => power * factor).find((one) => one >= least * 0.999) ?? power * 10;
  const first = Math.ceil(low / step);
  const digits = Math.max(0, -Math.floor(Math.log10(step)));
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, k) => {
    const value = (first + k) * step;
    return { value, words: Number(value.toFixed(digits)) === 0 ? "0" : withMinus(value, digits) };
  });
}

/**
 * Place corners, the best first and nearest to the line; those that would cover another are piled on it.
 * @param {Axis} axis
 * @param {import("../types.js").Side} side
 * @param {{id: number, embedding: number, score: number}[]} corners  The best first.
 * @param {{y: number, first: number, step: number, levels: number, radius: [number, number]}} look
 *   The line's place, the way to the first level and between levels (negative: upwards), how many
 *   there are, and the radius for scores of 0 and of 1; all in pixels.
 * @returns {Dot[]}
 */
export function pileUp(axis, side, corners, { y, first, step, levels, radius }) {
  /** @type {Dot[]} */
  const dots = [];
  for (const { id, embedding, score } of corners) {
    const x = placeOn(axis, embedding);
    const isFree = (/** @type {number} */ level) =>
      dots.every((dot) => dot.y !== y + first + level * step || Math.abs(dot.x - x) >= Math.abs(step));
    let level = 0;
    while (level < levels - 1 && !isFree(level)) level++;
    dots.push({ side, id, x, y: y + first + level * step, radius: radius[0] + (radius[1] - radius[0]) * score });
  }
  return dots;
}

/**
 * Find the nearest dot; -1 if none is near enough.
 * @param {Dot[]} dots
 * @param {number} x
 * @param {number} y
 * @param {number} reach
 */
export function nearestDot(dots, x, y, reach) {
  let found = -1;
  let least = reach;
  dots.forEach((dot, k) => {
    const away = Math.hypot(dot.x - x, dot.y - y);
    if (away <= least) [found, least] = [k, away];
  });
  return found;
}
