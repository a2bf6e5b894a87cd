/** Corner pooling's scan: a running maximum, and where each maximum came from. */

/** @typedef {"vertical" | "horizontal"} Direction */

/**
 * In which direction a cell looks for its maximum.
 * @type {Record<import("../types.js").Side, Record<Direction, string>>}
 */
export const LOOKS = {
  topLeft: { vertical: "down", horizontal: "right" },
  bottomRight: { vertical: "up", horizontal: "left" },
};

/**
 * Give how many cells the scan passes before it reaches a place: 0 for the first.
 * @param {import("../types.js").Side} side
 * @param {number} place  Row or column.
 * @param {number} count  Rows or columns in all.
 */
export function turnOf(side, place, count) {
  return side === "topLeft" ? count - 1 - place : place;
}

/**
 * Carry the maximum along the columns or the rows of a map: for a top-left corner to the top or
 * the left, for a bottom-right one to the bottom or the right. Of equal values the last that the
 * scan meets counts as the source, as in torch.cummax; after a NaN all is NaN.
 * @param {ArrayLike<number>} values  Row by row.
 * @param {number} width
 * @param {number} height
 * @param {import("../types.js").Side} side
 * @param {Direction} direction
 * @returns {{values: Float32Array, source: Int32Array}}  `source` holds indices into `values`.
 */
export function runningMaximum(values, width, height, side, direction) {
  const isVertical = direction === "vertical";
  const [lines, length] = isVertical ? [width, height] : [height, width];
  const [betweenLines, betweenCells] = isVertical ? [1, width] : [width, 1];
  const result = new Float32Array(width * height);
  const source = new Int32Array(width * height);
  for (let line = 0; line < lines; line++) {
    let from = -1;
    for (let turn = 0; turn < length; turn++) {
      const index = line * betweenLines + turnOf(side, turn, length) * betweenCells;
      const isHigher = from < 0 || values[index] >= values[from] || Number.isNaN(values[index]);
      if (isHigher) from = index;
      result[index] = values[from];
      source[index] = from;
    }
  }
  return { values: result, source };
}
