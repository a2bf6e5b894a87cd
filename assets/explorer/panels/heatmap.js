/** One kind of corner: its heatmap over the network's input, and the peaks that were kept. */
import { drawInput } from "../kit/backdrop.js";
import { paintMap } from "../kit/colours.js";
import { makeBoard } from "../kit/dom.js";
import { cellAt } from "../twins/geometry.js";
import { drawFocus, drawPeaks, shownPeaks } from "./heatmap-marks.js";

const GAIN = 2.2; // heat of 1 / GAIN and more hides the input altogether
const NEAR_CELLS = 1.6; // how close to a peak's cell the pointer must be

/** @typedef {import("../types.js").App} App */
/** @typedef {import("../types.js").Side} Side */

/** @param {App} app @param {Side} side @returns {import("../types.js").Panel} */
export function createHeatmap(app, side) {
  const board = makeBoard({
    label: "", // comes with the payload, which names the side
    width: 4,
    height: 3,
    onResize: () => app.redraw(),
    onMove: (x, y) => app.payload && app.hover(hit(app, side, x, y)),
    onLeave: () => app.hover(null),
    onClick: (x, y) => app.pin(hit(app, side, x, y)),
    onArrow: (dx, dy) => step(app, side, dx, dy),
  });
  /** @type {HTMLCanvasElement | null} */
  let heat = null;
  let shown = NaN;

  /** @param {App} _ @param {import("../types.js").Changes} changes */
  function draw(_, changes) {
    const { cells } = app.payload;
    if (changes.payload) {
      const words = `Heatmap of ${app.payload.vocabulary.sides[side]} corners. Arrow keys move from corner to corner.`;
      board.canvas.setAttribute("aria-label", words);
      board.resize(cells.width, cells.height);
    }
    if (changes.payload || shown !== app.state.label) {
      heat = paintHeat(app, side);
      shown = app.state.label;
    }
    board.paint((context, scale) => {
      drawInput(context, app, scale, "dark");
      if (heat) context.drawImage(heat, 0, 0, cells.width * scale, cells.height * scale);
      drawPeaks(context, app, side, scale);
      drawFocus(context, app, side, scale);
    });
  }
  const caption = () => {
    const peaks = app.decision[side];
    return `${peaks.length} ${app.payload.vocabulary.sides[side]} corners`;
  };
  return { element: board.canvas, draw, caption };
}

/** @param {App} app @param {Side} side */
function paintHeat(app, side) {
  const { cells } = app.payload;
  const place = Math.max(0, app.payload[side].heatmaps.names.indexOf(app.state.label));
  const look = {
    colours: /** @type {const} */ ("inferno"),
    opacity: (/** @type {number} */ heat) => Math.min(1, GAIN * heat),
  };
  return paintMap(app.maps[side][place], cells.width, cells.height, look);
}

/**
 * Find the peak nearest to a place, else the cell itself.
 * @param {App} app
 * @param {Side} side
 * @param {number} x
 * @param {number} y
 */
function hit(app, side, x, y) {
  const column = app.payload[side];
  let best = -1;
  let least = NEAR_CELLS;
  for (const id of shownPeaks(app, side)) {
    const distance = Math.hypot(column.x[id] + 0.5 - x, column.y[id] + 0.5 - y);
    if (distance < least) [best, least] = [id, distance];
  }
  if (best >= 0) return { [side]: best };
  return { cell: cellAt(app.payload.cells, x, y) };
}

/** Pin the nearest peak in a direction. @param {App} app @param {Side} side @param {number} dx @param {number} dy */
function step(app, side, dx, dy) {
  const column = app.payload[side];
  const now = app.focus[side];
  const peaks = shownPeaks(app, side);
  if (now === null) {
    if (peaks.length) app.pin({ [side]: peaks[0] });
    return;
  }
  let best = -1;
  let least = Infinity;
  for (const id of peaks) {
    const [x, y] = [column.x[id] - column.x[now], column.y[id] - column.y[now]];
    const ahead = x * dx + y * dy;
    const cost = ahead + 3 * Math.abs(x * dy + y * dx);
    if (ahead > 0 && cost < least) [best, least] = [id, cost];
  }
  if (best >= 0) app.pin({ [side]: best });
}
