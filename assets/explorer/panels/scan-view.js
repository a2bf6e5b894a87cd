/** One channel of corner pooling made ready to be drawn: both scans, before and after. */
import { drawInput } from "../kit/backdrop.js";
import { paintMap } from "../kit/colours.js";
import { readHalves } from "../kit/maps.js";
import { drawCell, drawDot, drawElbow, stroke } from "../kit/marks.js";
import { placeOf } from "../twins/geometry.js";
import { fixed } from "../twins/numbers.js";
import { runningMaximum, turnOf } from "../twins/scan.js";

/** @typedef {import("../types.js").App} App */
/** @typedef {import("../types.js").Side} Side */
/** @typedef {import("../twins/scan.js").Direction} Direction */
/** @typedef {[number, number]} Cell */

/** What lies before a cell as the scan sees it: "from row 41, 11 cells below". */
const WHERE = {
  topLeft: { vertical: "below", horizontal: "to the right" },
  bottomRight: { vertical: "above", horizontal: "to the left" },
};
const FAINT = 0.45; // of the input behind the maps
const UNSCANNED = 0.3; // of the map where the scan has not been yet
const RAY = "#7dd3fc";

/**
 * @typedef {object} ScanView
 * @property {Side} side
 * @property {Direction} direction
 * @property {number} width  Cells.
 * @property {number} height
 * @property {number} lines  That the scan passes.
 * @property {Float32Array} before
 * @property {Float32Array} after
 * @property {Int32Array} source
 * @property {HTMLCanvasElement} beforeMap
 * @property {HTMLCanvasElement} afterMap
 */

/**
 * Work out one scan.
 * @param {import("../answer-types.js").Scan} scan
 * @param {{width: number, height: number}} cells
 * @param {Side} side
 * @param {Direction} direction
 * @returns {ScanView}
 */
export function makeScanView(scan, { width, height }, side, direction) {
  const before = readHalves(scan[direction]);
  const { values: after, source } = runningMaximum(before, width, height, side, direction);
  const look = {
    colours: /** @type {const} */ ("inferno"),
    high: before.reduce((most, value) => Math.max(most, value), 0),
    opacity: (/** @type {number} */ share) => Math.min(1, 2.5 * share),
  };
  return {
    side,
    direction,
    width,
    height,
    lines: direction === "vertical" ? height : width,
    before,
    after,
    source,
    beforeMap: paintMap(before, width, height, look),
    afterMap: paintMap(after, width, height, look),
  };
}

/**
 * Whether the scan has passed a cell.
 * @param {ScanView} view
 * @param {Cell} cell
 * @param {number} progress  Lines passed.
 */
export function isScanned(view, [x, y], progress) {
  return turnOf(view.side, view.direction === "vertical" ? y : x, view.lines) < progress;
}

/** The cell that a cell's maximum came from. @param {ScanView} view @param {Cell} cell @returns {Cell} */
export function sourceOf(view, [x, y]) {
  const index = view.source[y * view.width + x];
  return [index % view.width, Math.floor(index / view.width)];
}

/**
 * Say what the scan makes of a cell.
 * @param {ScanView} view
 * @param {Cell} cell
 * @param {number} progress
 */
export function cellWords(view, cell, progress) {
  const [x, y] = cell;
  const place = `Cell (${x}, ${y})`;
  const own = fixed(view.before[y * view.width + x], 2);
  if (!isScanned(view, cell, progress)) return `${place}: its own value is **${own}**; the scan has not been here yet.`;
  const value = fixed(view.after[y * view.width + x], 2);
  const [u, v] = sourceOf(view, cell);
  const away = Math.abs(u - x) + Math.abs(v - y);
  if (away === 0) return `${place}: the maximum is **${value}**, its own value.`;
  const line = view.direction === "vertical" ? `row ${v}` : `column ${u}`;
  const count = away === 1 ? "1 cell" : `${away} cells`;
  const where = WHERE[view.side][view.direction];
  return `${place}: the maximum is **${value}**, from ${line}, ${count} ${where}; its own value is ${own}.`;
}

/**
 * Draw the map before the scan, or after as many lines as it has passed.
 * @param {CanvasRenderingContext2D} context
 * @param {App} app
 * @param {ScanView | null} view
 * @param {number} scale
 * @param {number | null} progress  Null: before.
 */
export function drawScan(context, app, view, scale, progress) {
  const { width, height } = app.payload.cells;
  const size = /** @type {const} */ ([0, 0, width * scale, height * scale]);
  context.fillStyle = "#101014";
  context.fillRect(...size);
  context.globalAlpha = FAINT;
  drawInput(context, app, scale, "grey");
  context.globalAlpha = 1;
  if (!view) return;
  if (progress === null) return context.drawImage(view.beforeMap, ...size);
  if (progress < view.lines) {
    context.globalAlpha = UNSCANNED;
    context.drawImage(view.beforeMap, ...size);
    context.globalAlpha = 1;
  }
  drawPassed(context, view, scale, progress);
}

/** @param {CanvasRenderingContext2D} context @param {ScanView} view @param {number} scale @param {number} progress */
function drawPassed(context, view, scale, progress) {
  const [across, down] = [view.width * scale, view.height * scale];
  const passed = Math.min(progress, view.lines) * scale;
  const isVertical = view.direction === "vertical";
  const from = view.side === "topLeft" ? (isVertical ? down : across) - passed : 0;
  context.save();
  context.beginPath();
  if (isVertical) context.rect(0, from, across, passed);
  else context.rect(from, 0, passed, down);
  context.clip();
  context.drawImage(view.afterMap, 0, 0, across, down);
  context.restore();
  if (progress <= 0 || progress >= view.lines) return;
  const edge = view.side === "topLeft" ? from : passed;
  stroke(context, RAY, 2, () => {
    context.moveTo(isVertical ? 0 : edge, isVertical ? edge : 0);
    context.lineTo(isVertical ? across : edge, isVertical ? edge : down);
  });
}

/**
 * Draw the corner, and the ray from a cell to where its maximum came from.
 * @param {CanvasRenderingContext2D} context
 * @param {App} app
 * @param {ScanView} view
 * @param {number} scale
 * @param {object} marks
 * @param {number} marks.id  Of the corner.
 * @param {Cell} marks.cell
 * @param {number} marks.progress
 */
export function drawRay(context, app, view, scale, { id, cell, progress }) {
  const [cornerX, cornerY] = placeOf(app.payload[view.side], id);
  drawElbow(context, view.side, cornerX * scale, cornerY * scale, 12);
  if (isScanned(view, cell, progress)) {
    const from = sourceOf(view, cell);
    const [x, y, u, v] = [...cell, ...from].map((place) => (place + 0.5) * scale);
    if (x !== u || y !== v) {
      stroke(context, RAY, 2, () => {
        context.moveTo(x, y);
        context.lineTo(u, v);
      });
    }
    drawDot(context, u, v, Math.max(4, 0.6 * scale), RAY);
  }
  drawCell(context, scale, cell, "#ffffff");
}
