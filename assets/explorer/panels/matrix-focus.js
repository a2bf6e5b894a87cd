/** What is pointed at in the matrix: all else veiled, its cell outlined, its corners named. */
import { themeColour } from "../kit/dom.js";
import { STRIP } from "./matrix-layout.js";
import { scoreWords } from "./matrix-painting.js";

/** @typedef {import("../types.js").App} App */
/** @typedef {import("../types.js").Side} Side */
/** @typedef {import("./matrix-layout.js").Grid} Grid */
/** @typedef {import("./matrix-layout.js").Table} Table */

const TAG = 15; // CSS pixels
const VEIL = 0.62; // over what is not pointed at

/**
 * Draw what is pointed at, and what is pinned, over the painted matrix.
 * @param {CanvasRenderingContext2D} context
 * @param {App} app
 * @param {Table} table
 */
export function drawFocus(context, app, table) {
  const { grid, rows, columns } = table;
  const [row, column] = placeOf(table, app.focus);
  if (row >= 0 || column >= 0) veil(context, table, row, column);
  outlineCell(context, grid, ...placeOf(table, app.state.pin ?? { topLeft: null, bottomRight: null }), 1);
  outlineCell(context, grid, row, column, 2);
  if (!grid.hasNames) return; // there is no room for tags: the words below the matrix say the same
  const { left, top, width, height } = grid;
  if (row >= 0) {
    const place = { left: 0, width: left - 1, middle: top + (row + 0.5) * height, height: TAG };
    drawTag(context, tagOf(app, "topLeft", rows[row]), place);
  }
  if (column >= 0) {
    const place = { left: left + column * width, width, middle: (STRIP + top) / 2, height: top - STRIP };
    drawTag(context, tagOf(app, "bottomRight", columns[column]), place);
  }
}

/**
 * Find the row and the column of corners; -1 where there is none.
 * @param {Table} table
 * @param {{topLeft: number | null, bottomRight: number | null}} corners
 * @returns {[number, number]}
 */
export function placeOf({ rows, columns }, { topLeft, bottomRight }) {
  return [rows.indexOf(topLeft ?? -1), columns.indexOf(bottomRight ?? -1)];
}

/**
 * Veil what is neither in the row nor in the column pointed at: above and below, left and right.
 * @param {CanvasRenderingContext2D} context
 * @param {Table} table
 * @param {number} row
 * @param {number} column
 */
function veil(context, { grid, rows, columns }, row, column) {
  context.fillStyle = themeColour("--cn-panel");
  context.globalAlpha = VEIL;
  for (const [y1, y2] of bandsBeside(row, grid.top, grid.height, rows.length)) {
    for (const [x1, x2] of bandsBeside(column, grid.left, grid.width, columns.length)) {
      context.fillRect(x1, y1, x2 - x1, y2 - y1);
    }
  }
  context.globalAlpha = 1;
}

/**
 * Give the bands before and after one of several equal steps; all in one where none is meant.
 * @param {number} k  Which step; -1 for none.
 * @param {number} start
 * @param {number} step
 * @param {number} count
 */
function bandsBeside(k, start, step, count) {
  const end = start + step * count;
  if (k < 0) return [[start, end]];
  return [
    [start, start + k * step],
    [start + (k + 1) * step, end],
  ];
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Grid} grid
 * @param {number} row
 * @param {number} column
 * @param {number} ink
 */
export function outlineCell(context, grid, row, column, ink) {
  if (row < 0 || column < 0) return;
  const grown = Math.max(0, 5 - grid.width) / 2;
  const place = /** @type {const} */ ([
    grid.left + column * grid.width - grown,
    grid.top + row * grid.height - grown,
    grid.width + 2 * grown,
    grid.height + 2 * grown,
  ]);
  context.lineWidth = ink + 3;
  context.strokeStyle = themeColour("--cn-panel");
  context.strokeRect(...place);
  context.lineWidth = ink + 0.5;
  context.strokeStyle = themeColour("--cn-text");
  context.strokeRect(...place);
}

/** The number and the score of a corner. @param {App} app @param {Side} side @param {number} id */
function tagOf(app, side, id) {
  return `${app.decision[side].indexOf(id)} ${scoreWords(app, side, id)}`;
}

/**
 * Write words over what else stands there.
 * @param {CanvasRenderingContext2D} context
 * @param {string} words
 * @param {{left: number, width: number, middle: number, height: number}} place  The tag may be wider, but stays
 *   on the board.
 */
function drawTag(context, words, { left, width, middle, height }) {
  context.font = "600 11px system-ui, sans-serif";
  [context.textAlign, context.textBaseline] = ["center", "middle"];
  const wide = Math.max(width, context.measureText(words).width + 6);
  const start = Math.max(0, Math.min(left + (width - wide) / 2, context.canvas.clientWidth - wide));
  context.fillStyle = themeColour("--cn-text");
  context.fillRect(start, middle - height / 2, wide, height);
  context.fillStyle = themeColour("--cn-panel");
  context.fillText(words, start + wide / 2, middle + 0.5);
}
