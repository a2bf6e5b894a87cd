/** One kind of corner: its heatmap over the network's input, and the peaks that were kept. */
import { drawInput } from "../kit/backdrop.js";
import { paintMap } from "../kit/colours.js";
import { makeBoard, themeColour } from "../kit/dom.js";
import { fallenAt } from "../twins/fallen.js";
import { cellAt } from "../twins/geometry.js";
import { atMost } from "../twins/numbers.js";

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

/** @param {App} app @param {Side} side */
function shownPeaks(app, side) {
  const { label } = app.state;
  const peaks = Array.from(app.decision[side]);
  return label < 0 ? peaks : peaks.filter((id) => app.payload[side].label[id] === label);
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

/** @param {CanvasRenderingContext2D} context @param {App} app @param {Side} side @param {number} scale */
function drawPeaks(context, app, side, scale) {
  const column = app.payload[side];
  const strong = Math.max(0.05, app.state.settings.minScore / 2);
  const ids = shownPeaks(app, side).reverse();
  for (const id of ids) {
    const [x, y] = [(column.x[id] + 0.5) * scale, (column.y[id] + 0.5) * scale];
    if (column.score[id] >= strong) {
      ring(context, x, y, Math.max(6, 1.2 * scale), app.payload.colours[column.label[id]]);
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
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 * @param {string} colour
 */
function ring(context, x, y, radius, colour) {
  for (const [width, ink] of /** @type {[number, string][]} */ ([
    [4.5, "#ffffff"],
    [2.5, colour],
  ])) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.lineWidth = width;
    context.strokeStyle = ink;
    context.stroke();
  }
}

/** @param {CanvasRenderingContext2D} context @param {App} app @param {Side} side @param {number} scale */
function drawFocus(context, app, side, scale) {
  const { focus, payload } = app;
  const id = focus[side];
  const cell = id !== null ? [payload[side].x[id], payload[side].y[id]] : focus.cell;
  if (!cell) return;
  const [x, y] = [(cell[0] + 0.5) * scale, (cell[1] + 0.5) * scale];
  context.strokeStyle = themeColour("--cn-cross");
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(0, y);
  context.lineTo(payload.cells.width * scale, y);
  context.moveTo(x, 0);
  context.lineTo(x, payload.cells.height * scale);
  context.stroke();
  context.lineWidth = 2;
  context.strokeRect(cell[0] * scale - 1, cell[1] * scale - 1, scale + 2, scale + 2);
  context.font = "600 12px system-ui, sans-serif";
  const words = id !== null ? cornerWords(app, side, id) : cellWords(app, side, /** @type {[number, number]} */ (cell));
  const width = context.measureText(words).width + 8;
  const left = Math.max(0, Math.min(payload.cells.width * scale - width, x + 8));
  const top = y > 30 ? y - 26 : y + 10;
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
  return `${(app.maps[side][place][y * app.payload.cells.width + x] / 255).toFixed(2)} at ${x}, ${y}`;
}
