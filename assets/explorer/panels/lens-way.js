/** The way of one corner, in numbers: from its cell to a pixel of the given image. */
import { withMinus } from "../kit/signs.js";
import { asShown } from "../twins/numbers.js";

/** @typedef {import("../types.js").Payload} Payload */
/** @typedef {import("../types.js").Side} Side */
/** @typedef {[number, number]} Pair  x, y. */

const OFFSET_DIGITS = 3; // enough that the image pixel follows from the numbers shown
const PIXEL_DIGITS = 1;
const EXACT_DIGITS = 5; // of a scale or a stride that is no whole number

/**
 * Pixels of the network's input per pixel of the image that was given, which may be shown smaller.
 * @param {Payload} payload
 * @returns {Pair}
 */
export function scaleOf({ frame, originalPerShown }) {
  return [frame.scale[0] / originalPerShown[0], frame.scale[1] / originalPerShown[1]];
}

/**
 * Write out how a corner's cell becomes a pixel of the given image.
 * @param {Payload} payload
 * @param {Side} side
 * @param {number} id
 */
export function wayWords(payload, side, id) {
  const { ratio, shift } = payload.frame;
  const { x, y, offsetX, offsetY } = payload[side];
  const network = /** @type {Pair} */ ([
    (x[id] + offsetX[id]) * ratio[0] - shift[0],
    (y[id] + offsetY[id]) * ratio[1] - shift[1],
  ]);
  const scale = scaleOf(payload);
  const exact = /** @type {Pair} */ ([network[0] / scale[0], network[1] / scale[1]]);
  return (
    `**${payload.vocabulary.sides[side]}**: (cell (${x[id]}, ${y[id]}) + offset ${offsetWords(payload, side, id)}) ` +
    `× stride ${both(ratio)} − padding ${pair(shift, 0)} = ${pair(network, PIXEL_DIGITS)} network pixels; ` +
    `÷ scale ${both(scale)} = ${endWords(payload, exact)}`
  );
}

/** Say where the way ends, which is never outside the image. @param {Payload} payload @param {Pair} exact */
function endWords({ image, originalPerShown }, exact) {
  const size = [image.width * originalPerShown[0], image.height * originalPerShown[1]].map(Math.round);
  const end = /** @type {Pair} */ (exact.map((v, k) => Math.min(Math.max(v, 0), size[k])));
  const isMoved = end.some((v, k) => asShown(v, PIXEL_DIGITS) !== asShown(exact[k], PIXEL_DIGITS));
  const clipped = isMoved ? `${pair(exact, PIXEL_DIGITS)}; clipped to the image, ${size.join(" × ")}: ` : "";
  return `${clipped}**${pair(end, PIXEL_DIGITS)} pixels of your image**`;
}

/** @param {Payload} payload @param {Side} side @param {number} id  In cells. */
export function offsetWords(payload, side, id) {
  return pair([payload[side].offsetX[id], payload[side].offsetY[id]], OFFSET_DIGITS);
}

/**
 * Say how far off corners can be where no offset is added.
 * @param {Payload} payload
 */
export function worstWords(payload) {
  const { ratio } = payload.frame;
  const scale = scaleOf(payload);
  const most = /** @type {Pair} */ ([ratio[0] / scale[0], ratio[1] / scale[1]]);
  return (
    `Without offsets, a corner would be taken at its cell's upper left: too far left and up by as much as a ` +
    `whole cell, in x and in y. That is ${both(ratio)} network pixels, ÷ scale ${both(scale)} = ` +
    `**${both([Number(most[0].toFixed(PIXEL_DIGITS)), Number(most[1].toFixed(PIXEL_DIGITS))])} pixels of your image**.`
  );
}

/** One number where x and y have the same. @param {Pair} values */
function both(values) {
  const [first, second] = values.map((value) => String(Number(value.toPrecision(EXACT_DIGITS))));
  return first === second ? first : `(${first}, ${second})`;
}

/** @param {Pair} values @param {number} digits */
function pair(values, digits) {
  return `(${values.map((value) => withMinus(value, digits)).join(", ")})`;
}
