/** The image with the answer: boxes, corners, truth, and what fell out at a step of the funnel. */
import { pinNext } from "../kit/chosen.js";
import { make } from "../kit/dom.js";
import { makePointedBoard } from "../kit/pointed-board.js";
import { boxOf, idsOf } from "../twins/candidates.js";
import { drawAnswer, drawFallen, drawFocus, drawTruth } from "./boxes-drawing.js";
import { makeOwnLine } from "./own-thresholds.js";

/** @typedef {import("../types.js").App} App */
/** @typedef {import("../types.js").Focus} Focus */
/** @typedef {{focus: Partial<Focus>, cost: number}} Found */

const NEAR = 14; // CSS pixels within which a corner or a box's edge is hit

/** Make the panel without names of kinds: colours tell them. @param {App} app */
export function createBriefBoxes(app) {
  return createBoxes(app, true);
}

/** @param {App} app @param {boolean} [isBrief] @returns {import("../types.js").Panel} */
export function createBoxes(app, isBrief = false) {
  const board = makePointedBoard(
    app,
    {
      label: "The image with the boxes found. Arrow keys move from box to box.",
      width: 4,
      height: 3,
      onArrow: (dx, dy) => pinNext(app, Array.from(app.decision.detections), dx + dy),
    },
    (x, y, scale) => hit(app, [x, y], scale),
  );

  const own = makeOwnLine(app);

  /** @param {App} _ @param {import("../types.js").Changes} changes */
  function draw(_, changes) {
    const { image } = app.payload;
    if (changes.payload) board.resize(image.width, image.height);
    if (changes.payload || changes.decision) own.draw();
    board.paint((context, scale) => {
      context.imageSmoothingEnabled = true;
      context.drawImage(app.pictures.image, 0, 0, image.width * scale, image.height * scale);
      drawTruth(context, app, scale);
      drawFallen(context, app, scale);
      drawAnswer(context, app, scale, isBrief);
      drawFocus(context, app, scale);
    });
  }
  const caption = () => {
    const count = app.decision.detections.length;
    return `${count} ${count === 1 ? "box" : "boxes"}`;
  };
  return { element: make("div", {}, board.canvas, own.element), draw, caption };
}

/**
 * Find what lies under a place: the corner of a detection, else the smallest box around it.
 * @param {App} app
 * @param {[number, number]} place
 * @param {number} scale
 */
function hit(app, place, scale) {
  /** @type {Found | null} */
  let best = null;
  for (const candidate of app.decision.detections) {
    for (const option of optionsOf(app, candidate, place, scale)) {
      if (!best || option.cost < best.cost) best = option;
    }
  }
  return best?.focus ?? null;
}

/**
 * Tell what of a detection lies near a place.
 * @param {App} app
 * @param {number} candidate
 * @param {[number, number]} place
 * @param {number} scale
 */
function optionsOf(app, candidate, [x, y], scale) {
  const [x1, y1, x2, y2] = boxOf(app.decision, candidate);
  const pair = idsOf(app.decision, candidate);
  /** @type {Found[]} */
  const near = [
    { focus: { topLeft: pair.topLeft }, cost: Math.hypot(x - x1, y - y1) * scale },
    { focus: { bottomRight: pair.bottomRight }, cost: Math.hypot(x - x2, y - y2) * scale },
  ].filter((option) => option.cost <= NEAR);
  const margin = NEAR / 3 / scale;
  const isInside = x >= x1 - margin && x <= x2 + margin && y >= y1 - margin && y <= y2 + margin;
  if (isInside) near.push({ focus: pair, cost: NEAR + (x2 - x1) * (y2 - y1) });
  return near;
}
