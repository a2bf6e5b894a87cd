/** A lens over the pair that is pointed at, where the matrix's cells are too small for letters. */
import { themeColour } from "../kit/dom.js";
import { gridOf } from "./matrix-layout.js";
import { outlineCell } from "./matrix-focus.js";
import { paintTable } from "./matrix-painting.js";

/** @typedef {import("./matrix-layout.js").Table} Table */

const ACROSS = 5; // cells
const SIDE = 132; // CSS pixels, with room for names and letters

/**
 * Give the part of a table that the lens shows: the cells around one of them, moved in at the edges.
 * @param {Table} table
 * @param {number} row
 * @param {number} column
 * @returns {{table: Table, row: number, column: number, left: number, top: number}}  The part, that cell's place
 *   in it, and where the lens lies, in CSS pixels: the cell stays below itself.
 */
export function lensOf({ grid, rows, columns }, row, column) {
  const firstRow = firstOf(row, rows.length);
  const firstColumn = firstOf(column, columns.length);
  const part = {
    rows: rows.slice(firstRow, firstRow + ACROSS),
    columns: columns.slice(firstColumn, firstColumn + ACROSS),
  };
  const table = { ...part, grid: gridOf(SIDE, part.rows.length, part.columns.length) };
  const inside = { row: row - firstRow, column: column - firstColumn };
  const right = grid.left + grid.width * columns.length;
  const bottom = grid.top + grid.height * rows.length;
  const left = grid.left + (column + 0.5) * grid.width - table.grid.left - (inside.column + 0.5) * table.grid.width;
  const top = grid.top + (row + 0.5) * grid.height - table.grid.top - (inside.row + 0.5) * table.grid.height;
  return { table, ...inside, left: within(left, right - SIDE), top: within(top, bottom - SIDE) };
}

/** @param {number} k @param {number} count */
function firstOf(k, count) {
  return within(k - Math.floor(ACROSS / 2), count - ACROSS);
}

/** @param {number} value @param {number} most */
function within(value, most) {
  return Math.max(0, Math.min(value, most));
}

/**
 * Draw the lens.
 * @param {CanvasRenderingContext2D} context
 * @param {import("../types.js").App} app
 * @param {Table} whole
 * @param {number} row
 * @param {number} column
 */
export function drawLens(context, app, whole, row, column) {
  const { table, left, top, ...inside } = lensOf(whole, row, column);
  const ratio = window.devicePixelRatio || 1;
  const size = Math.round(SIDE * ratio);
  context.save();
  context.translate(left, top);
  context.fillStyle = themeColour("--cn-panel");
  context.fillRect(0, 0, SIDE, SIDE);
  context.drawImage(paintTable(app, table, { width: size, height: size }, SIDE).canvas, 0, 0, SIDE, SIDE);
  context.strokeStyle = themeColour("--cn-accent");
  context.lineWidth = 2;
  context.strokeRect(1, 1, SIDE - 2, SIDE - 2);
  outlineCell(context, table.grid, inside.row, inside.column, 2);
  context.restore();
}
