/** What is marked on a heatmap: the peaks, what fell out, and what is pointed at. The heat stays legible. */
import { themeColour } from "../kit/dom.js";
import { fallenAt } from "../twins/fallen.js";
import { atMost } from "../twins/numbers.js";

/** @typedef {import("../types.js").App} App */
/** @typedef {import("../types.js").Side} Side */
/** @typedef {CanvasRenderingContext2D} Context */

const LEAST_RADIUS = 6; // CSS pixels of a ring
const RIM = "rgb(255 255 255 / 75%)";
const RING_CELLS = 1.6; // of its radius, so that the eight cells around the peak are seen within

/** List the peaks of the category that is shown, the best first. @param {App} app @param {Side} side */
export function shownPeaks(app, side) {
  const { label } = app.state;
  const peaks = Array.from(app.decision[side]);
  return label < 0 ? peaks : peaks.filter((id) => app.payload[side].label[id] === label);
}

/**
 * Draw a ring around each strong peak and a dot on each weak one; what is pointed at keeps none on it.
 * @param {Context} context
 * @param {App} app
 * @param {Side} side
 * @param {number} scale
 */
export function drawPeaks(context, app, side, scale) {
  const radius = Math.max(LEAST_RADIUS, RING_CELLS * scale);
  const pointed = pointedCell(app, side);
  const column = app.payload[side];
  const strong = Math.max(0.05, app.state.settings.minScore / 2);
  const ids = shownPeaks(app, side).reverse();
  for (const id of ids) {
    const [x, y] = [(column.x[id] + 0.5) * scale, (column.y[id] + 0.5) * scale];
    if (pointed && isCovered(pointed, [column.x[id], column.y[id]], radius / scale)) continue;
    if (column.score[id] >= strong) {
      ring(context, x, y, radius, app.payload.colours[column.label[id]]);
    } else {
      context.fillStyle = "rgb(160 160 175)";
      context.fillRect(x - 1, y - 1, 2, 2);
    }
  }
  if (!app.state.fallen) return;
  context.fillStyle = "#ff6b5e";
  for (const id of fallenAt(app.payload, app.decision, app.state.fallen).corners[side]) {
    context.fillRect((column.x[id] + 0.5) * scale - 2, (column.y[id] + 0.5) * scale - 2, 4, 4);
  }
}

/**
 * Tell whether a mark around a peak would lie on a cell that is pointed at, or on those beside it.
 * @param {[number, number]} pointed
 * @param {[number, number]} peak
 * @param {number} radius  Of the mark, in cells.
 */
export function isCovered(pointed, peak, radius) {
  return Math.hypot(pointed[0] - peak[0], pointed[1] - peak[1]) < radius + 1.5;
}

/** Give the cell that is pointed at, or that of the corner. @param {App} app @param {Side} side */
function pointedCell({ focus, payload }, side) {
  const id = focus[side];
  if (id === null) return focus.cell;
  return /** @type {[number, number]} */ ([payload[side].x[id], payload[side].y[id]]);
}

/**
 * @param {Context} context
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 * @param {string} colour
 */
function ring(context, x, y, radius, colour) {
  for (const [width, ink] of /** @type {[number, string][]} */ ([
    [3.5, RIM],
    [1.5, colour],
  ])) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.lineWidth = width;
    context.strokeStyle = ink;
    context.stroke();
  }
}

/**
 * Mark what is pointed at: two lines that leave its surroundings free, and its score beside it.
 * @param {Context} context
 * @param {App} app
 * @param {Side} side
 * @param {number} scale
 */
export function drawFocus(context, app, side, scale) {
  const { focus, payload } = app;
  const id = focus[side];
  const cell = pointedCell(app, side);
  if (!cell) return;
  const [x, y] = [(cell[0] + 0.5) * scale, (cell[1] + 0.5) * scale];
  const gap = Math.max(LEAST_RADIUS, RING_CELLS * scale);
  context.strokeStyle = themeColour("--cn-cross");
  context.lineWidth = 1;
  context.beginPath();
  for (const [x1, y1, x2, y2] of [
    [0, y, x - gap, y],
    [x + gap, y, payload.cells.width * scale, y],
    [x, 0, x, y - gap],
    [x, y + gap, x, payload.cells.height * scale],
  ]) {
    context.moveTo(x1, y1);
    context.lineTo(x2, y2);
  }
  context.stroke();
  context.strokeRect(cell[0] * scale - 0.5, cell[1] * scale - 0.5, scale + 1, scale + 1);
  writeWords(context, app, [x, y], scale, id !== null ? cornerWords(app, side, id) : cellWords(app, side, cell));
}

/**
 * @param {Context} context
 * @param {App} app
 * @param {[number, number]} place  CSS pixels.
 * @param {number} scale
 * @param {string} words
 */
function writeWords(context, { payload }, [x, y], scale, words) {
  context.font = "600 12px system-ui, sans-serif";
  const width = context.measureText(words).width + 8;
  const away = Math.max(LEAST_RADIUS, RING_CELLS * scale) + 2;
  const left = Math.max(0, Math.min(payload.cells.width * scale - width, x + away));
  const top = y > away + 20 ? y - away - 18 : y + away;
  context.fillStyle = "rgb(16 16 20 / 85%)";
  context.fillRect(left, top, width, 18);
  context.fillStyle = "#ffffff";
  context.textBaseline = "middle";
  context.fillText(words, left + 4, top + 9.5);
}

/** @param {App} app @param {Side} side @param {number} id */
function cornerWords(app, side, id) {
  const column = app.payload[side];
  return `${app.payload.categories[column.label[id]]} ${atMost(column.score[id])}`;
}

/** @param {App} app @param {Side} side @param {[number, number]} cell */
function cellWords(app, side, [x, y]) {
  const place = Math.max(0, app.payload[side].heatmaps.names.indexOf(app.state.label));
  return `${(app.maps[side][place][y * app.payload.cells.width + x] / 255).toFixed(2)} at cell ${x}, ${y}`;
}
