/** The line of embeddings as a picture. */
import { SIDE_COLOURS } from "../kit/colours.js";
import { themeColour } from "../kit/dom.js";
import { placeOn, ticksOf } from "../kit/embedding-axis.js";
import { drawDot } from "../kit/marks.js";
import { idsOf } from "../twins/candidates.js";
import { cornersOf } from "../twins/corners.js";
import { SIDES } from "../twins/sides.js";

/** @typedef {import("../types.js").App} App */
/** @typedef {import("../kit/embedding-axis.js").Axis} Axis */
/** @typedef {import("../kit/embedding-axis.js").Dot} Dot */
/** @typedef {CanvasRenderingContext2D} Context */

export const HEIGHT = 236; // CSS pixels
const DIM = 0.22;
const TICK_ROOM = 70; // pixels for a number
const FONT = "12px system-ui, sans-serif";

/**
 * Draw everything.
 * @param {Context} context
 * @param {App} app
 * @param {{axis: Axis, dots: Dot[]}} line
 * @param {number} width  CSS pixels.
 */
export function drawLine(context, app, { axis, dots }, width) {
  context.font = FONT;
  const centre = centreOf(app);
  if (centre) drawWindow(context, app, axis, centre);
  else drawRuler(context, app, axis, width);
  drawAxis(context, axis, width);
  drawLinks(context, app, dots);
  drawDots(context, app, dots);
}

/**
 * The corner around which the threshold is shown.
 * @param {App} app
 * @returns {import("../kit/chosen.js").Corner | null}
 */
export function centreOf({ focus }) {
  const side = SIDES.find((one) => focus[one] !== null);
  return side ? { side, id: /** @type {number} */ (focus[side]) } : null;
}

/**
 * Lay the allowed distance in a corner.
 * @param {Context} context
 * @param {App} app
 * @param {Axis} axis
 * @param {number} width
 */
function drawRuler(context, app, axis, width) {
  const distance = app.decision.settings.maxEmbeddingDistance;
  const length = placeOn(axis, axis.low + distance) - axis.left;
  const [right, y] = [width - 8, HEIGHT - 12];
  context.fillStyle = themeColour("--cn-text");
  context.fillRect(right - length, y - 1, length, 2);
  for (const x of [right - length, right - 2]) context.fillRect(x, y - 5, 2, 10);
  [context.textAlign, context.textBaseline] = ["right", "middle"];
  context.fillText(`distance allowed: ${distance}`, right, y - 14);
}

/**
 * Lay the allowed distance around a corner.
 * @param {Context} context
 * @param {App} app
 * @param {Axis} axis
 * @param {import("../kit/chosen.js").Corner} centre
 */
function drawWindow(context, app, axis, { side, id }) {
  const distance = app.decision.settings.maxEmbeddingDistance;
  const value = cornersOf(app.payload[side]).embedding[id];
  const [from, to] = [placeOn(axis, value - distance), placeOn(axis, value + distance)];
  context.fillStyle = themeColour("--cn-accent");
  context.globalAlpha = 0.14;
  context.fillRect(from, 0, to - from, HEIGHT);
  context.globalAlpha = 1;
  for (const x of [from, to]) context.fillRect(x - 0.75, 0, 1.5, HEIGHT);
}

/** @param {Context} context @param {Axis} axis @param {number} width */
function drawAxis(context, axis, width) {
  const middle = HEIGHT / 2;
  context.fillStyle = themeColour("--cn-soft");
  context.fillRect(axis.left, middle - 0.75, axis.right - axis.left, 1.5);
  [context.textAlign, context.textBaseline] = ["center", "top"];
  for (const { value, words } of ticksOf(axis, Math.max(2, width / TICK_ROOM))) {
    const x = placeOn(axis, value);
    context.fillRect(x - 0.75, middle - 4, 1.5, 8);
    context.fillText(words, x, middle + 6);
  }
  context.textAlign = "left";
  context.fillStyle = themeColour("--cn-text");
  context.fillText("top-left corners", 2, 2);
  context.textBaseline = "bottom";
  context.fillText("bottom-right corners", 2, HEIGHT - 2);
}

/** Join the corners of each detection. @param {Context} context @param {App} app @param {Dot[]} dots */
function drawLinks(context, app, dots) {
  const { decision, focus, payload } = app;
  const isPointed = focus.topLeft !== null || focus.bottomRight !== null;
  context.lineWidth = 2.5;
  for (const candidate of decision.detections) {
    const ids = idsOf(decision, candidate);
    const [from, to] = SIDES.map((side) => dots.find((dot) => dot.side === side && dot.id === ids[side]));
    if (!from || !to) continue;
    const isLit = SIDES.some((side) => focus[side] === ids[side]);
    context.globalAlpha = !isPointed || isLit ? 1 : DIM;
    context.strokeStyle = payload.colours[decision.candidates.labels[candidate]];
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y);
    context.stroke();
  }
  context.globalAlpha = 1;
}

/** @param {Context} context @param {App} app @param {Dot[]} dots */
function drawDots(context, app, dots) {
  const { payload, focus } = app;
  const isNear = nearCentre(app);
  for (const { side, id, x, y, radius } of [...dots].reverse()) {
    const isFocus = focus[side] === id;
    context.globalAlpha = isFocus || isNear(side, id) ? 1 : DIM;
    drawDot(context, x, y, radius, payload.colours[cornersOf(payload[side]).label[id]]);
    if (!isFocus) continue;
    context.lineWidth = 2.5;
    context.strokeStyle = SIDE_COLOURS[side];
    context.beginPath();
    context.arc(x, y, radius + 4, 0, 2 * Math.PI);
    context.stroke();
  }
  context.globalAlpha = 1;
}

/**
 * Make the test for corners that may belong to the one pointed at: those of its category within the
 * threshold, on the other side of the line. With none pointed at, all may.
 * @param {App} app
 * @returns {(side: import("../types.js").Side, id: number) => boolean}
 */
function nearCentre(app) {
  const centre = centreOf(app);
  if (!centre) return () => true;
  const corners = { topLeft: cornersOf(app.payload.topLeft), bottomRight: cornersOf(app.payload.bottomRight) };
  const distance = app.decision.settings.maxEmbeddingDistance;
  const value = corners[centre.side].embedding[centre.id];
  const label = corners[centre.side].label[centre.id];
  return (side, id) =>
    side !== centre.side &&
    corners[side].label[id] === label &&
    Math.abs(corners[side].embedding[id] - value) <= distance;
}
