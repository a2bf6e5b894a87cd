/** Losses by name, and AP50, over the steps so far. */
import { make, makeBoard, setText, themeColour } from "../kit/dom.js";

/** @typedef {import("./learn-payload.js").View} View */
/** @typedef {import("./learn-payload.js").Point} Point */

const HEIGHT = 150; // CSS pixels
const AREA = { left: 40, right: 40, top: 8, bottom: 20 };
const LEAST = 0.005; // of a loss that is still drawn; below, it lies on the floor
/** @type {[string, string][]} */
const LOSSES = [
  ["heatmap", "#d55e00"],
  ["pull", "#56b4e9"],
  ["push", "#cc79a7"],
  ["offset", "#8f8f8f"],
];
const SCORE = ["AP50", "#009e73"];

/**
 * @param {View} view
 * @param {() => void} redraw
 * @param {boolean} [isReplay]  Steps in log scale, with a mark at the moment that is shown.
 * @returns {import("../types.js").Panel}
 */
export function createCurves(view, redraw, isReplay = false) {
  const label = "Losses on a logarithmic scale at the left, and AP50 from 0 to 1 at the right, over the steps.";
  const board = makeBoard({ label, width: 600, height: HEIGHT, onResize: redraw });
  const values = make("p", { class: "cn-readout cn-learn-legend" });
  const spans = [...LOSSES, SCORE].map(([, colour]) => make("span", { style: `--cn-curve: ${colour}` }));
  values.append(...spans);
  function draw() {
    const width = board.canvas.clientWidth || board.width;
    if (width !== board.width) board.resize(width, HEIGHT);
    const axis = axisOf(view.points, width, isReplay);
    board.paint((context) => {
      paint(context, view.points, axis);
      if (isReplay && view.moment) mark(context, axis.x(view.moment.steps));
    });
    wordsOf(view).forEach((words, k) => setText(spans[k], words));
  }
  return { element: make("div", {}, board.canvas, values), draw, caption: () => wordsOf(view).join(", ") };
}

/** @param {View} view */
function wordsOf({ moment }) {
  const losses = LOSSES.map(([name]) => `${name} ${moment?.losses[name]?.toFixed(3) ?? "–"}`);
  return [...losses, `AP50 ${moment?.ap50?.toFixed(2) ?? "–"}`];
}

/** @typedef {{width: number, x: (step: number) => number, ticks: number[]}} Axis  Of steps. */

/** @param {Point[]} points @param {number} width @param {boolean} isLog @returns {Axis} */
function axisOf(points, width, isLog) {
  const last = Math.max(10, points[points.length - 1]?.steps ?? 0);
  const across = width - AREA.left - AREA.right;
  const share = (/** @type {number} */ step) => (isLog ? Math.log(Math.max(step, 1)) / Math.log(last) : step / last);
  const ticks = isLog ? [1, 10, 100, 1000, 10000].filter((tick) => tick < 0.6 * last) : [0];
  return { width, x: (step) => AREA.left + share(step) * across, ticks: [...ticks, last] };
}

/** @param {CanvasRenderingContext2D} context @param {Point[]} points @param {Axis} axis */
function paint(context, points, { width, x, ticks }) {
  const [low, high] = [Math.log(LEAST), Math.log(10)];
  const y = (/** @type {number} */ share) => HEIGHT - AREA.bottom - share * (HEIGHT - AREA.top - AREA.bottom);
  const shareOf = (/** @type {number} */ loss) =>
    Math.min(1, Math.max(0, (Math.log(Math.max(loss, LEAST)) - low) / (high - low)));
  context.font = "11px system-ui, sans-serif";
  context.fillStyle = themeColour("--cn-soft");
  context.textBaseline = "middle";
  for (const loss of [0.01, 0.1, 1, 10]) {
    context.textAlign = "right";
    context.fillText(String(loss), AREA.left - 5, y(shareOf(loss)));
    context.fillRect(AREA.left, y(shareOf(loss)), width - AREA.left - AREA.right, 0.5);
  }
  context.textAlign = "left";
  for (const score of [0, 0.5, 1]) context.fillText(String(score), width - AREA.right + 5, y(score));
  context.textAlign = "center";
  for (const [k, step] of ticks.entries())
    context.fillText(k === 0 ? `step ${step}` : String(step), x(step), HEIGHT - 8);
  for (const [name, colour] of LOSSES) {
    const told = points.filter((point) => name in point.losses);
    curve(
      context,
      colour,
      told.map((point) => [x(point.steps), y(shareOf(point.losses[name]))]),
    );
  }
  const measured = points.filter((point) => point.ap50 !== null);
  curve(
    context,
    SCORE[1],
    measured.map((point) => [x(point.steps), y(/** @type {number} */ (point.ap50))]),
  );
}

/** @param {CanvasRenderingContext2D} context @param {number} x */
function mark(context, x) {
  context.fillStyle = themeColour("--cn-text");
  context.fillRect(x - 1, AREA.top, 2, HEIGHT - AREA.top - AREA.bottom);
}

/** @param {CanvasRenderingContext2D} context @param {string} colour @param {number[][]} places */
function curve(context, colour, places) {
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.beginPath();
  for (const [x, y] of places) context.lineTo(x, y);
  context.stroke();
}
