/** Places and boxes. Formulas and their order of operations are Python's, so results agree to the bit. */
import { cornersOf } from "./corners.js";
import { iou } from "./suppress.js";

/** @typedef {[number, number, number, number]} Box  x1, y1, x2, y2. */

/**
 * Carry a place from cells to px. It may lie outside the image.
 * @param {import("../types.js").Frame} frame
 * @param {number} x
 * @param {number} y
 * @returns {[number, number]}
 */
export function cellToPx(frame, x, y) {
  const { ratio, shift, scale } = frame;
  return [(x * ratio[0] - shift[0]) / scale[0], (y * ratio[1] - shift[1]) / scale[1]];
}

/**
 * Carry a place from px to cells: the inverse of `cellToPx`.
 * @param {import("../types.js").Frame} frame
 * @param {number} x
 * @param {number} y
 * @returns {[number, number]}
 */
export function pxToCell(frame, x, y) {
  const { ratio, shift, scale } = frame;
  return [(x * scale[0] + shift[0]) / ratio[0], (y * scale[1] + shift[1]) / ratio[1]];
}

/**
 * Give a corner's place in cells, exactly or as its cell's upper left.
 * @param {import("../types.js").CornerColumns} corners
 * @param {number} id
 * @param {boolean} [isExact]
 * @returns {[number, number]}
 */
export function placeOf(corners, id, isExact = true) {
  const { x, y, offsetX, offsetY } = corners;
  return isExact ? [x[id] + offsetX[id], y[id] + offsetY[id]] : [x[id], y[id]];
}

/**
 * Give a corner's exact place in px. It may lie outside the image.
 * @param {import("../types.js").Payload} payload
 * @param {import("../types.js").Side} side
 * @param {number} id
 */
export function cornerToPx(payload, side, id) {
  return cellToPx(payload.frame, ...placeOf(payload[side], id));
}

/**
 * Span a box, in px and clipped to the image, between two places in cells.
 * @param {import("../types.js").Frame} frame
 * @param {{width: number, height: number}} image
 * @param {[number, number]} start
 * @param {[number, number]} end
 * @returns {Box}
 */
export function boxBetween(frame, image, start, end) {
  const [x1, y1] = cellToPx(frame, start[0], start[1]);
  const [x2, y2] = cellToPx(frame, end[0], end[1]);
  return [clamp(x1, image.width), clamp(y1, image.height), clamp(x2, image.width), clamp(y2, image.height)];
}

/**
 * Carry the box between two corners from cells to px, inside the image.
 * @param {import("../types.js").Payload} payload
 * @param {number} topLeft  Id.
 * @param {number} bottomRight
 */
export function boxOfCorners(payload, topLeft, bottomRight) {
  const [first, second] = [cornersOf(payload.topLeft), cornersOf(payload.bottomRight)];
  const start = /** @type {[number, number]} */ ([first.x[topLeft], first.y[topLeft]]);
  const end = /** @type {[number, number]} */ ([second.x[bottomRight], second.y[bottomRight]]);
  return boxBetween(payload.frame, payload.image, start, end);
}

/**
 * Find the cell under a place; beyond the edge, the nearest one.
 * @param {{width: number, height: number}} cells
 * @param {number} x  In cells.
 * @param {number} y
 * @returns {[number, number]}
 */
export function cellAt({ width, height }, x, y) {
  return [clamp(Math.floor(x), width - 1), clamp(Math.floor(y), height - 1)];
}

/** @param {number} value @param {number} most */
function clamp(value, most) {
  return Math.min(Math.max(value, 0), most);
}

/**
 * Find the box that overlaps most; -1 if none overlaps.
 * @param {ArrayLike<number>} box
 * @param {ArrayLike<number>[]} others
 */
export function bestOverlap(box, others) {
  let best = { index: -1, iou: 0 };
  others.forEach((other, index) => {
    const value = iou(box, 0, other, 0);
    if (value > best.iou) best = { index, iou: value };
  });
  return best;
}

/**
 * Match boxes one to one, the largest overlap first. Boxes that overlap nothing left stay alone.
 * @param {ArrayLike<number>[]} mine
 * @param {ArrayLike<number>[]} theirs
 * @returns {{mine: number, theirs: number, iou: number}[]}
 */
export function matchBoxes(mine, theirs) {
  const pairs = mine
    .flatMap((a, i) => theirs.map((b, j) => ({ mine: i, theirs: j, iou: iou(a, 0, b, 0) })))
    .filter((pair) => pair.iou > 0)
    .sort((a, b) => b.iou - a.iou);
  const [usedMine, usedTheirs] = [new Set(), new Set()];
  return pairs.filter((pair) => {
    if (usedMine.has(pair.mine) || usedTheirs.has(pair.theirs)) return false;
    usedMine.add(pair.mine);
    usedTheirs.add(pair.theirs);
    return true;
  });
}

/**
 * Find the smallest box around a place, with a margin for the hand; -1 if there is none.
 * @param {ArrayLike<number>[]} boxes
 * @param {number} x
 * @param {number} y
 * @param {number} margin
 */
export function boxAt(boxes, x, y, margin) {
  let found = -1;
  boxes.forEach((box, index) => {
    const isInside = x >= box[0] - margin && x <= box[2] + margin && y >= box[1] - margin && y <= box[3] + margin;
    if (isInside && (found < 0 || area(box) < area(boxes[found]))) found = index;
  });
  return found;
}

/** @param {ArrayLike<number>} box */
function area(box) {
  return (box[2] - box[0]) * (box[3] - box[1]);
}
