/** All corners on one line by their embedding: those of one object meet. */
import { forHands } from "../kit/hands.js";
import { make, setText } from "../kit/dom.js";
import { axisOf, nearestDot, pileUp } from "../kit/embedding-axis.js";
import { makePointedBoard } from "../kit/pointed-board.js";
import { withMinus } from "../kit/signs.js";
import { cornersOf } from "../twins/corners.js";
import { otherSide, SIDES } from "../twins/sides.js";
import { centreOf, drawLine, HEIGHT } from "./line-drawing.js";

/** @typedef {import("../types.js").App} App */
/** @typedef {import("../types.js").Side} Side */
/** @typedef {import("../kit/embedding-axis.js").Dot} Dot */

const MARGIN = 22; // CSS pixels
const FIRST = 26; // from the line to the nearest corners
const STEP = 15; // between corners piled onto one another
const LEVELS = 5;
/** @type {[number, number]} */
const RADIUS = [3.5, 7];
const REACH = 14; // how far from a dot the pointer may be

/**
 * Where the corners lie, and what that was worked out from.
 * @typedef {object} Line
 * @property {Dot[]} dots
 * @property {import("../kit/embedding-axis.js").Axis} axis
 * @property {unknown[]} of
 */

/** @param {App} app @returns {import("../types.js").Panel} */
export function createLine(app) {
  /** @type {Line} */
  const line = { dots: [], axis: axisOf([], 1, 0, 1), of: [] };
  const board = makePointedBoard(
    app,
    {
      label:
        "Line of embeddings: top-left corners above, bottom-right corners below. " +
        "Left and right move to the next corner, up and down to the other kind.",
      width: 900,
      height: HEIGHT,
      onArrow: (dx, dy) => step(app, line.dots, dx, dy),
    },
    (x, y) => cornerAt(line.dots, x, y),
  );
  const readout = make("p", { class: "cn-readout cn-two-lines cn-line-readout" });

  function draw() {
    const width = board.canvas.clientWidth || board.width;
    if (width !== board.width) board.resize(width, HEIGHT); // units are CSS pixels
    const now = [app.payload, app.decision, width];
    if (now.some((part, k) => part !== line.of[k])) Object.assign(line, layOut(app, width), { of: now });
    board.paint((context) => drawLine(context, app, line, width));
    setText(readout, readoutOf(app));
  }
  return { element: make("div", {}, board.canvas, readout), draw, caption: () => readoutOf(app) };
}

/** @param {Dot[]} dots @param {number} x @param {number} y */
function cornerAt(dots, x, y) {
  const found = nearestDot(dots, x, y, REACH);
  return found < 0 ? null : { [dots[found].side]: dots[found].id };
}

/**
 * Pin the next corner along the line, or the nearest of the other kind.
 * @param {App} app
 * @param {Dot[]} dots
 * @param {number} dx
 * @param {number} dy
 */
function step(app, dots, dx, dy) {
  if (!dots.length) return;
  const now = dots.find((dot) => app.focus[dot.side] === dot.id) ?? dots[0];
  const wanted = dy === 0 ? now.side : dy < 0 ? "topLeft" : "bottomRight";
  const others = dots.filter((dot) => dot.side === wanted).sort((a, b) => a.x - b.x || a.id - b.id);
  const nearest = () => others.reduce((a, b) => (Math.abs(b.x - now.x) < Math.abs(a.x - now.x) ? b : a), others[0]);
  const next = wanted === now.side ? others[others.indexOf(now) + dx] : nearest();
  if (next && next !== now) app.pin({ [next.side]: next.id });
}

/** @param {App} app @param {number} width  CSS pixels. */
function layOut({ payload, decision }, width) {
  const all = SIDES.map((side) => {
    const { embedding, score } = cornersOf(payload[side]);
    return Array.from(decision[side], (id) => ({ id, embedding: embedding[id], score: score[id] }));
  });
  const values = all.flat().map((corner) => corner.embedding);
  const axis = axisOf(values, decision.settings.maxEmbeddingDistance, MARGIN, width - MARGIN);
  const dots = SIDES.flatMap((side, k) => {
    const way = side === "topLeft" ? -1 : 1;
    const look = { y: HEIGHT / 2, first: way * FIRST, step: way * STEP, levels: LEVELS, radius: RADIUS };
    return pileUp(axis, side, all[k], look);
  });
  return { axis, dots };
}

/** @param {App} app */
function readoutOf(app) {
  const centre = centreOf(app);
  const { maxEmbeddingDistance } = app.decision.settings;
  if (!centre) return forHands(`Point at a corner to lay the threshold of ${maxEmbeddingDistance} around it.`);
  const own = cornersOf(app.payload[centre.side]);
  const value = own.embedding[centre.id];
  const other = otherSide(centre.side);
  const { embedding, label } = cornersOf(app.payload[other]);
  const near = Array.from(app.decision[other]).filter((id) => Math.abs(embedding[id] - value) <= maxEmbeddingDistance);
  const same = near.filter((id) => label[id] === own.label[centre.id]).length;
  const { sides } = app.payload.vocabulary;
  const name = `${sides[centre.side]} corner, ${app.payload.categories[own.label[centre.id]]}`;
  const count = `${near.length} ${sides[other]} corner${near.length === 1 ? "" : "s"}`;
  return (
    `This ${name} has the embedding ${withMinus(value, 3)}; ` +
    `${count} within ${maxEmbeddingDistance}, ${same} of its category.`
  );
}
