/** All corners on one line by their embedding: those of one object meet. */
import { idsOf } from "../twins/candidates.js";
import { SIDE_COLOURS } from "../kit/colours.js";
import { SIDE_NAMES, SIDES } from "../twins/sides.js";
import { cornersOf } from "../twins/corners.js";
import { make, makeBoard, setText, themeColour } from "../kit/dom.js";
import { axisOf, nearestDot, pileUp, placeOn, ticksOf } from "../kit/embedding-axis.js";
import { drawDot } from "../kit/marks.js";
import { withMinus } from "../kit/signs.js";

/** @typedef {import("../types.js").App} App */
/** @typedef {import("../types.js").Side} Side */
/** @typedef {import("../kit/embedding-axis.js").Dot} Dot */

const HEIGHT = 236; // CSS pixels
const MARGIN = 22;
const FIRST = 26; // from the line to the nearest corners
const STEP = 15; // between corners piled onto one another
const LEVELS = 5;
/** @type {[number, number]} */
const RADIUS = [3.5, 7];
const REACH = 14; // how far from a dot the pointer may be
const DIM = 0.22;
const TICK_ROOM = 70; // pixels for a number
const FONT = "12px system-ui, sans-serif";

/** @param {App} app @returns {import("../types.js").Panel} */
export function createLine(app) {
  let dots = /** @type {Dot[]} */ ([]);
  let axis = axisOf([], 1, 0, 1);
  const board = makeBoard({
    label:
      "Line of embeddings: top-left corners above, bottom-right corners below. Left and right move to the next corner, up and down to the other kind.",
    width: 900,
    height: HEIGHT,
    onResize: () => app.redraw(),
    onMove: (x, y) => app.payload && app.hover(at(x, y)),
    onLeave: () => app.hover(null),
    onClick: (x, y) => app.pin(at(x, y)),
    onArrow: step,
  });
  const readout = make("p", { class: "cn-readout cn-line-readout" });
  const element = make("div", {}, board.canvas, readout);
  let of = /** @type {unknown[]} */ ([]);

  /** @param {number} x @param {number} y */
  function at(x, y) {
    const found = nearestDot(dots, x, y, REACH);
    return found < 0 ? null : { [dots[found].side]: dots[found].id };
  }

  /** Pin the next corner along the line, or the nearest of the other kind. @param {number} dx @param {number} dy */
  function step(dx, dy) {
    if (!dots.length) return;
    const now = dots.find((dot) => app.focus[dot.side] === dot.id) ?? dots[0];
    const wanted = dy === 0 ? now.side : dy < 0 ? "topLeft" : "bottomRight";
    const others = dots.filter((dot) => dot.side === wanted).sort((a, b) => a.x - b.x || a.id - b.id);
    const nearest = () => others.reduce((a, b) => (Math.abs(b.x - now.x) < Math.abs(a.x - now.x) ? b : a), others[0]);
    const next = wanted === now.side ? others[others.indexOf(now) + dx] : nearest();
    if (next && next !== now) app.pin({ [next.side]: next.id });
  }

  function layOut() {
    const { payload, decision } = app;
    const middle = HEIGHT / 2;
    const all = SIDES.map((side) => {
      const { embedding, score } = cornersOf(payload[side]);
      return Array.from(decision[side], (id) => ({ id, embedding: embedding[id], score: score[id] }));
    });
    const values = all.flat().map((corner) => corner.embedding);
    axis = axisOf(values, decision.settings.maxEmbeddingDistance, MARGIN, board.width - MARGIN);
    dots = SIDES.flatMap((side, k) => {
      const way = side === "topLeft" ? -1 : 1;
      return pileUp(axis, side, all[k], {
        y: middle,
        first: way * FIRST,
        step: way * STEP,
        levels: LEVELS,
        radius: RADIUS,
      });
    });
  }

  function draw() {
    const width = board.canvas.clientWidth || board.width;
    if (width !== board.width) board.resize(width, HEIGHT); // units are CSS pixels
    const now = [app.payload, app.decision, width];
    if (now.some((part, k) => part !== of[k])) [of] = [now, layOut()];
    board.paint((context) => {
      drawWindow(context, app, axis, width);
      drawAxis(context, axis, width);
      drawLinks(context, app, dots);
      drawDots(context, app, dots);
    });
    setText(readout, readoutOf(app));
  }
  const caption = () => readoutOf(app);
  return { element, draw, caption };
}

/** The corner around which the threshold is shown. @param {App} app @returns {{side: Side, id: number} | null} */
function centreOf({ focus }) {
  const side = SIDES.find((one) => focus[one] !== null);
  return side ? { side, id: /** @type {number} */ (focus[side]) } : null;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {App} app
 * @param {import("../kit/embedding-axis.js").Axis} axis
 * @param {number} width
 */
function drawWindow(context, app, axis, width) {
  const distance = app.decision.settings.maxEmbeddingDistance;
  const centre = centreOf(app);
  context.font = FONT;
  context.textBaseline = "middle";
  if (!centre) {
    const length = placeOn(axis, axis.low + distance) - axis.left;
    const [right, y] = [width - 8, HEIGHT - 12];
    context.fillStyle = themeColour("--cn-text");
    context.fillRect(right - length, y - 1, length, 2);
    for (const x of [right - length, right - 2]) context.fillRect(x, y - 5, 2, 10);
    context.textAlign = "right";
    context.fillText(`distance allowed: ${distance}`, right, y - 14);
    return;
  }
  const value = cornersOf(app.payload[centre.side]).embedding[centre.id];
  const [from, to] = [placeOn(axis, value - distance), placeOn(axis, value + distance)];
  context.fillStyle = themeColour("--cn-accent");
  context.globalAlpha = 0.14;
  context.fillRect(from, 0, to - from, HEIGHT);
  context.globalAlpha = 1;
  for (const x of [from, to]) context.fillRect(x - 0.75, 0, 1.5, HEIGHT);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {import("../kit/embedding-axis.js").Axis} axis
 * @param {number} width
 */
function drawAxis(context, axis, width) {
  const middle = HEIGHT / 2;
  context.fillStyle = themeColour("--cn-soft");
  context.fillRect(axis.left, middle - 0.75, axis.right - axis.left, 1.5);
  context.font = FONT;
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

/**
 * Join the corners of each detection.
 * @param {CanvasRenderingContext2D} context
 * @param {App} app
 * @param {Dot[]} dots
 */
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

/** @param {CanvasRenderingContext2D} context @param {App} app @param {Dot[]} dots */
function drawDots(context, app, dots) {
  const { payload, focus } = app;
  const centre = centreOf(app);
  const corners = { topLeft: cornersOf(payload.topLeft), bottomRight: cornersOf(payload.bottomRight) };
  const distance = app.decision.settings.maxEmbeddingDistance;
  const value = centre ? corners[centre.side].embedding[centre.id] : 0;
  const label = centre ? corners[centre.side].label[centre.id] : -1;
  for (const { side, id, x, y, radius } of [...dots].reverse()) {
    const isFocus = focus[side] === id;
    const { embedding, label: labels } = corners[side];
    // Lit: those of its category within the threshold, on the other side of the line.
    const isNear =
      centre !== null && side !== centre.side && labels[id] === label && Math.abs(embedding[id] - value) <= distance;
    context.globalAlpha = centre === null || isFocus || isNear ? 1 : DIM;
    drawDot(context, x, y, radius, payload.colours[labels[id]]);
    if (!isFocus) continue;
    context.lineWidth = 2.5;
    context.strokeStyle = SIDE_COLOURS[side];
    context.beginPath();
    context.arc(x, y, radius + 4, 0, 2 * Math.PI);
    context.stroke();
  }
  context.globalAlpha = 1;
}

/** @param {App} app */
function readoutOf(app) {
  const centre = centreOf(app);
  const { settings } = app.decision;
  if (!centre) return `Point at a corner to lay the threshold of ${settings.maxEmbeddingDistance} around it.`;
  const own = cornersOf(app.payload[centre.side]);
  const other = centre.side === "topLeft" ? "bottomRight" : "topLeft";
  const { embedding, label } = cornersOf(app.payload[other]);
  const isNear = (/** @type {number} */ id) =>
    Math.abs(embedding[id] - own.embedding[centre.id]) <= settings.maxEmbeddingDistance;
  const near = Array.from(app.decision[other]).filter(isNear);
  const same = near.filter((id) => label[id] === own.label[centre.id]).length;
  const kind = SIDE_NAMES[other];
  const name = `${SIDE_NAMES[centre.side]} corner, ${app.payload.categories[own.label[centre.id]]}`;
  return `This ${name} has the embedding ${withMinus(own.embedding[centre.id], 3)}; ${near.length} ${kind} corner${near.length === 1 ? "" : "s"} within ${settings.maxEmbeddingDistance}, ${same} of its category.`;
}
