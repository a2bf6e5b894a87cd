/** What of the matrix does not depend on the focus: its cells, and the names of its rows and columns. */
import { inkOn } from "../kit/badge.js";
import { rgbOf } from "../kit/colours.js";
import { makeCanvas, themeColour } from "../kit/dom.js";
import { atMost } from "../twins/numbers.js";
import { CATEGORY, verdictAt } from "../twins/verdicts.js";
import { abbreviated, groupsOf, STRIP } from "./matrix-layout.js";

/** @typedef {import("../types.js").App} App */
/** @typedef {import("../types.js").Side} Side */
/** @typedef {import("../types.js").VerdictWords} VerdictWords */
/** @typedef {import("./matrix-layout.js").Table} Table */

/**
 * @typedef {object} Painted
 * @property {HTMLCanvasElement} canvas
 * @property {number[]} shortened  Labels of the categories whose whole name does not stand at all their bars.
 */

const FAINT = 0.18; // opacity of pairs of different categories: most are, and say least
const LETTER_FROM = 10; // CSS pixels of a cell
const LINES_FROM = 5;
const LEAST_WORD = 22; // CSS pixels of a category: in less, one letter stands upright

/**
 * Paint the matrix at the screen's own resolution.
 * @param {App} app
 * @param {Table} table
 * @param {{width: number, height: number}} size  Pixels of the screen.
 * @param {number} side  CSS pixels of the square.
 * @returns {Painted}
 */
export function paintTable(app, table, { width, height }, side) {
  /** @type {Set<number>} */
  const shortened = new Set();
  const { canvas, context } = makeCanvas(width, height);
  context.scale(width / side, width / side);
  if (table.rows.length && table.columns.length) {
    const verdicts = verdictsOf(app, table);
    const looks = app.payload.vocabulary.verdicts;
    paintCells(context, table, verdicts, looks);
    paintLetters(context, table, verdicts, looks);
  }
  paintNames(context, app, table, "topLeft", shortened);
  context.transform(0, 1, 1, 0, 0, 0); // columns are rows with x and y exchanged
  paintNames(context, app, table, "bottomRight", shortened);
  return { canvas, shortened: [...shortened].sort((a, b) => a - b) };
}

/** @param {App} app @param {Table} table @returns {number[]}  Row by row. */
function verdictsOf({ decision }, table) {
  const rows = table.rows.map((id) => decision.topLeft.indexOf(id));
  const columns = table.columns.map((id) => decision.bottomRight.indexOf(id));
  return rows.flatMap((row) => columns.map((column) => verdictAt(decision, row, column)));
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Table} table
 * @param {number[]} verdicts
 * @param {VerdictWords[]} looks  By verdict.
 */
function paintCells(context, { grid, rows, columns }, verdicts, looks) {
  const { width, height } = grid;
  const { canvas: cells, context: small } = makeCanvas(columns.length, rows.length);
  const picture = small.createImageData(columns.length, rows.length);
  const colours = looks.map(({ colour }, code) => [...rgbOf(colour), code === CATEGORY ? 255 * FAINT : 255]);
  verdicts.forEach((verdict, place) => picture.data.set(colours[verdict], 4 * place));
  small.putImageData(picture, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(cells, grid.left, grid.top, width * columns.length, height * rows.length);
  if (Math.min(width, height) < LINES_FROM) return;
  context.fillStyle = themeColour("--cn-panel");
  rows.forEach((_, k) => context.fillRect(grid.left, grid.top + k * height - 0.5, width * columns.length, 1));
  columns.forEach((_, k) => context.fillRect(grid.left + k * width - 0.5, grid.top, 1, height * rows.length));
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Table} table
 * @param {number[]} verdicts
 * @param {VerdictWords[]} looks  By verdict.
 */
function paintLetters(context, { grid, columns }, verdicts, looks) {
  const { left, top, width, height } = grid;
  if (Math.min(width, height) < LETTER_FROM) return;
  context.font = `600 ${Math.min(12, Math.round(height * 0.75))}px system-ui, sans-serif`;
  [context.textAlign, context.textBaseline] = ["center", "middle"];
  const inks = looks.map(({ colour }) => inkOn(colour));
  verdicts.forEach((verdict, place) => {
    const [row, column] = [Math.floor(place / columns.length), place % columns.length];
    context.fillStyle = verdict === CATEGORY ? themeColour("--cn-soft") : inks[verdict];
    context.fillText(looks[verdict].letter, left + (column + 0.5) * width, top + (row + 0.5) * height + 0.5);
  });
}

/** A corner's score in the least room. @param {App} app @param {Side} side @param {number} id */
export function scoreWords(app, side, id) {
  return atMost(app.payload[side].score[id]).slice(0, 4).replace(/^0/, "");
}

/**
 * Name the rows, or the columns with x and y exchanged: a strip for each category, each corner's score.
 * @param {CanvasRenderingContext2D} context
 * @param {App} app
 * @param {Table} table
 * @param {Side} side
 * @param {Set<number>} shortened  Is filled.
 */
function paintNames(context, app, { grid, rows, columns }, side, shortened) {
  const { categories, colours } = app.payload;
  const { label } = app.payload[side];
  const isRow = side === "topLeft";
  const [ids, step] = isRow ? [rows, grid.height] : [columns, grid.width];
  [context.textAlign, context.textBaseline] = ["center", "middle"];
  for (const group of groupsOf(ids.map((id) => label[id]))) {
    const [start, length] = [grid.top + group.start * step, group.count * step];
    context.fillStyle = colours[group.label];
    context.fillRect(0, start, STRIP - 2, length - 1);
    const name = categories[group.label];
    const at = { x: STRIP / 2 - 1, y: start + length / 2, isRow, size: 11, colour: "#ffffff" };
    let written = "";
    if (length >= LEAST_WORD) written = write(context, name, { ...at, room: length - 4, isTurned: isRow });
    else if (length >= LETTER_FROM) {
      const letter = Array.from(name)[0] ?? "";
      written = write(context, letter, { ...at, room: isRow ? STRIP - 2 : length, isTurned: false });
    }
    if (written !== name) shortened.add(group.label);
  }
  if (!grid.hasNames) return;
  const look = { x: STRIP + 13, room: 26, isTurned: !isRow, isRow, size: 10, colour: themeColour("--cn-text") };
  ids.forEach((id, k) => write(context, scoreWords(app, side, id), { ...look, y: grid.top + (k + 0.5) * step }));
}

/**
 * Write words around a place, or as many of their first letters as there is room for. Words of columns are
 * turned back so that they can be read.
 * @param {CanvasRenderingContext2D} context
 * @param {string} words
 * @param {{x: number, y: number, room: number, isTurned: boolean, isRow: boolean, size: number, colour: string}} look
 * @returns {string}  What was written.
 */
function write(context, words, { x, y, room, isTurned, isRow, size, colour }) {
  context.font = `600 ${size}px system-ui, sans-serif`;
  const short = abbreviated(words, room, (text) => context.measureText(text).width);
  context.save();
  context.translate(x, y);
  if (!isRow) context.transform(0, 1, 1, 0, 0, 0);
  if (isTurned) context.rotate(-Math.PI / 2);
  context.fillStyle = colour;
  context.fillText(short, 0, 0.5);
  context.restore();
  return short;
}
