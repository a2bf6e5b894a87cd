/** What is drawn over the image: the answer, the truth, what fell out, and what is pointed at. */
import { SIDE_COLOURS } from "../kit/colours.js";
import { themeColour } from "../kit/dom.js";
import { makeLabels } from "../kit/labels.js";
import { outline } from "../kit/marks.js";
import { hasCorners, isSomething } from "../kit/store.js";
import { boxOf, idsOf } from "../twins/candidates.js";
import { fallenAt } from "../twins/fallen.js";
import { cellToPx, cornerToPx } from "../twins/geometry.js";
import { atMost } from "../twins/numbers.js";
import { groupsOf } from "../twins/same-place.js";
import { SIDES } from "../twins/sides.js";

/** @typedef {import("../types.js").App} App */
/** @typedef {CanvasRenderingContext2D} Context */

const CORNER_ARM = 12; // CSS pixels
const DIM = 0.25;

/**
 * Draw the boxes with their names, the best on top; those not pointed at are dimmed.
 * @param {Context} context
 * @param {App} app
 * @param {number} scale
 * @param {boolean} isBrief  Whether scores stand alone.
 */
export function drawAnswer(context, app, scale, isBrief) {
  const groups = drawOutlines(context, app, scale);
  const labels = makeLabels(context);
  for (const lit of [true, false]) {
    context.globalAlpha = lit ? 1 : DIM;
    for (const { candidates, isLit, box, colour } of groups) {
      if (isLit === lit) labels.put(...wordsOf(app, candidates, isBrief), box, colour);
    }
  }
  context.globalAlpha = 1;
}

/**
 * Draw the boxes without names; give what was drawn, the best first.
 * @param {Context} context
 * @param {App} app
 * @param {number} scale
 */
export function drawOutlines(context, app, scale) {
  const { payload, decision } = app;
  const groups = groupsOf(decision, payload.samePlaceIou).map((candidates) => ({
    candidates,
    isLit: candidates.some((candidate) => hasCorners(app.focus, idsOf(decision, candidate))),
    box: boxOf(decision, candidates[0]).map((v) => v * scale),
    colour: payload.colours[decision.candidates.labels[candidates[0]]],
  }));
  for (const { isLit, box, colour } of [...groups].reverse()) {
    context.globalAlpha = isLit ? 1 : DIM;
    outline(context, box, colour, 2.5);
    elbow(context, box[0], box[1], 1, SIDE_COLOURS.topLeft);
    elbow(context, box[2], box[3], -1, SIDE_COLOURS.bottomRight);
  }
  context.globalAlpha = 1;
  return groups;
}

/** Name all that claim one place, and give the last one's score by itself.
 * @param {App} app
 * @param {number[]} candidates
 * @param {boolean} isBrief
 * @returns {[string, string]}
 */
function wordsOf({ payload, decision }, candidates, isBrief) {
  const { labels, finalScores } = decision.candidates;
  const kinds = candidates.length > 1 ? `, ${candidates.length} kinds` : "";
  if (isBrief) return ["", `${finalScores[candidates[0]].toFixed(2)}${kinds}`];
  const words = candidates.map((candidate) => [payload.categories[labels[candidate]], atMost(finalScores[candidate])]);
  const last = words[words.length - 1];
  return [[...words.slice(0, -1).map((both) => both.join(" ")), last[0]].join(", "), last[1]];
}

/** @param {Context} context @param {number} x @param {number} y @param {number} way @param {string} colour */
function elbow(context, x, y, way, colour) {
  context.strokeStyle = colour;
  context.lineWidth = 4;
  context.beginPath();
  context.moveTo(x + way * CORNER_ARM, y);
  context.lineTo(x, y);
  context.lineTo(x, y + way * CORNER_ARM);
  context.stroke();
}

/** Draw the true boxes, where they are known. @param {Context} context @param {App} app @param {number} scale */
export function drawTruth(context, app, scale) {
  const { truth } = app.payload;
  if (!truth) return;
  context.setLineDash([5, 4]);
  for (const box of truth.boxes) drawBox(context, box, scale, "#1c1e24", 1.2);
  context.setLineDash([]);
}

/**
 * @param {Context} context
 * @param {number[]} box  In px.
 * @param {number} scale
 * @param {string} colour
 * @param {number} width
 */
function drawBox(context, box, scale, colour, width) {
  outline(
    context,
    box.map((v) => v * scale),
    colour,
    width,
  );
}

/** Draw what fell out at the chosen step. @param {Context} context @param {App} app @param {number} scale */
export function drawFallen(context, app, scale) {
  if (!app.state.fallen) return;
  const { corners, boxes } = fallenAt(app.payload, app.decision, app.state.fallen);
  context.fillStyle = "rgb(255 255 255 / 55%)";
  const { width, height } = app.payload.image;
  context.fillRect(0, 0, width * scale, height * scale);
  context.globalAlpha = 0.8;
  for (const box of boxes) drawBox(context, box, scale, "#b3261e", 1);
  for (const side of SIDES) {
    for (const id of corners[side]) dot(context, app, { side, id }, scale, 3);
  }
  context.globalAlpha = 1;
}

/**
 * @param {Context} context
 * @param {App} app
 * @param {import("../kit/chosen.js").Corner} corner
 * @param {number} scale
 * @param {number} radius
 */
function dot(context, app, { side, id }, scale, radius) {
  const [x, y] = cornerToPx(app.payload, side, id);
  context.beginPath();
  context.arc(x * scale, y * scale, radius, 0, 2 * Math.PI);
  context.fillStyle = SIDE_COLOURS[side];
  context.fill();
  context.lineWidth = 1.5;
  context.strokeStyle = "#1c1e24";
  context.stroke();
}

/**
 * Mark what is pointed at, also where it is no box.
 * @param {Context} context
 * @param {App} app
 * @param {number} scale
 */
export function drawFocus(context, app, scale) {
  const { focus, payload } = app;
  if (!isSomething(focus)) return;
  const { topLeft, bottomRight, cell } = focus;
  const accent = themeColour("--cn-accent");
  if (topLeft !== null && bottomRight !== null) {
    const box = [...cornerToPx(payload, "topLeft", topLeft), ...cornerToPx(payload, "bottomRight", bottomRight)];
    context.setLineDash([3, 3]);
    drawBox(context, box, scale, accent, 1.5);
    context.setLineDash([]);
  }
  if (cell) {
    const [x, y] = cell;
    const box = [...cellToPx(payload.frame, x, y), ...cellToPx(payload.frame, x + 1, y + 1)];
    drawBox(context, box, scale, accent, 1.5);
  }
  for (const side of SIDES) {
    const id = focus[side];
    if (id !== null) dot(context, app, { side, id }, scale, 6);
  }
}
