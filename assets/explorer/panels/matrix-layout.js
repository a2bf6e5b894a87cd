/** Which corners the matrix shows, in which order, and where. */

/** @typedef {import("../types.js").Side} Side */

export const BEST = 24; // corners of each kind that are always worth showing

/**
 * Choose the peaks to show, by category and then from the best: the best ones, those of detections,
 * and the one that is pointed at.
 * @param {import("../types.js").Payload} payload
 * @param {import("../types.js").Decision} decision
 * @param {Side} side
 * @param {{isAll: boolean, pointed: number | null}} wish
 * @returns {number[]}  Ids.
 */
export function idsToShow(payload, decision, side, { isAll, pointed }) {
  const peaks = decision[side];
  const inDetections = new Set(Array.from(decision.detections, (k) => decision.candidates[side][k]));
  const shown = Array.from(peaks.keys()).filter(
    (rank) => isAll || rank < BEST || inDetections.has(rank) || peaks[rank] === pointed,
  );
  const label = (/** @type {number} */ rank) => payload[side].label[peaks[rank]];
  return shown.sort((a, b) => label(a) - label(b) || a - b).map((rank) => peaks[rank]);
}

/**
 * Find runs of one category.
 * @param {number[]} labels  Of the rows or columns, in order.
 * @returns {{label: number, start: number, count: number}[]}
 */
export function groupsOf(labels) {
  /** @type {{label: number, start: number, count: number}[]} */
  const groups = [];
  labels.forEach((label, start) => {
    const last = groups[groups.length - 1];
    if (last?.label === label) last.count++;
    else groups.push({ label, start, count: 1 });
  });
  return groups;
}

/**
 * @typedef {object} Grid  In CSS pixels of a square.
 * @property {number} left  Where the cells begin.
 * @property {number} top
 * @property {number} width  Of a cell.
 * @property {number} height
 * @property {boolean} hasNames  Whether there is room for a word at each row and column.
 *
 * @typedef {object} Table
 * @property {Grid} grid
 * @property {number[]} rows  Ids.
 * @property {number[]} columns
 */

export const STRIP = 15; // pixels for the names of categories
const WORD = 26; // pixels for a score
const LEAST_FOR_WORDS = 10; // pixels of a cell

/**
 * Lay out a square of cells with room for names on the left and above.
 * @param {number} side  Of the square.
 * @param {number} rows
 * @param {number} columns
 * @returns {Grid}
 */
export function gridOf(side, rows, columns) {
  const inner = side - STRIP - WORD;
  const hasNames = inner / Math.max(rows, columns, 1) >= LEAST_FOR_WORDS;
  const margin = hasNames ? STRIP + WORD : STRIP;
  const room = side - margin - 1;
  return { left: margin, top: margin, width: room / Math.max(1, columns), height: room / Math.max(1, rows), hasNames };
}

/**
 * Find what lies under a place: a cell, a row's name or a column's name.
 * @param {Table} table
 * @param {number} x  CSS pixels.
 * @param {number} y
 * @returns {{topLeft?: number, bottomRight?: number} | null}
 */
export function hitOf({ grid, rows, columns }, x, y) {
  const topLeft = rows[Math.floor((y - grid.top) / grid.height)];
  const bottomRight = columns[Math.floor((x - grid.left) / grid.width)];
  if (x < grid.left) return topLeft === undefined ? null : { topLeft };
  if (y < grid.top) return bottomRight === undefined ? null : { bottomRight };
  return topLeft === undefined || bottomRight === undefined ? null : { topLeft, bottomRight };
}

/**
 * Give as many of the first letters as fit; "" if not one does.
 * @param {string} words
 * @param {number} room
 * @param {(text: string) => number} measure
 */
export function abbreviated(words, room, measure) {
  for (let length = words.length; length > 0; length--) {
    const start = words.slice(0, length).trimEnd();
    if (measure(start) <= room) return start;
  }
  return "";
}
