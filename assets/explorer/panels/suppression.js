/** Boxes before and after suppression, side by side. */
import { forHands } from "../kit/hands.js";
import { pinNext } from "../kit/chosen.js";
import { make, setRich, setText } from "../kit/dom.js";
import { makeLabels } from "../kit/labels.js";
import { outline } from "../kit/marks.js";
import { makePointedBoard } from "../kit/pointed-board.js";
import { hasCorners } from "../kit/store.js";
import { boxOf, candidateOf, idsOf } from "../twins/candidates.js";
import { boxAt } from "../twins/geometry.js";
import { asSet, atMost } from "../twins/numbers.js";
import { iou } from "../twins/suppress.js";

/** @typedef {import("../types.js").App} App */
/** @typedef {import("../types.js").Decision} Decision */
/** @typedef {{name: "before" | "after", candidates: number[]}} Stage  Of suppression. */

const HAND = 6; // CSS pixels around a box that still count as the box
const DIM = 0.25;
const MOST_DRAWN = 200; // more would only hide the image
const LEAST_OPACITY = 0.3; // of a score of 0

/** @param {App} app @returns {import("../types.js").Panel} */
export function createSuppression(app) {
  /** @type {Stage[]} */
  const stages = [
    { name: "before", candidates: [] },
    { name: "after", candidates: [] },
  ];
  const boards = stages.map((stage) => makeStageBoard(app, stage));
  const titles = boards.map(() => make("figcaption", {}, ""));
  const readout = make("p", { class: "cn-readout cn-two-lines", "aria-live": "polite" });
  const figures = boards.map((board, k) => make("figure", {}, titles[k], board.canvas));
  const element = make("div", { class: "cn-suppression" }, make("div", { class: "cn-two" }, ...figures), readout);

  /** @param {App} _ @param {import("../types.js").Changes} changes */
  function draw(_, changes) {
    const { image } = app.payload;
    if (changes.payload) for (const board of boards) board.resize(image.width, image.height);
    if (changes.payload || changes.decision) {
      [stages[0].candidates, stages[1].candidates] = beforeAndAfter(app.decision);
      stages.forEach((stage, k) => setText(titles[k], `${stage.name}: ${counted(stage.candidates.length)}`));
    }
    const { topLeft, bottomRight } = app.focus;
    const focused = topLeft !== null && bottomRight !== null ? candidateOf(app.decision, app.focus) : -1;
    boards.forEach((board, k) => board.paint((context, scale) => drawStage(context, app, stages[k], scale, focused)));
    setRich(readout, focused >= 0 ? fate(app, focused) : forHands("Point at a box to see what suppression did to it."));
  }
  const caption = () =>
    `${titles[0].textContent}, ${titles[1].textContent} (${app.decision.settings.nms}). ${readout.textContent}`;
  return { element, draw, caption };
}

/** @param {App} app @param {Stage} stage */
function makeStageBoard(app, stage) {
  const options = {
    label: `Boxes ${stage.name} suppression. Arrow keys move from box to box.`,
    width: 4,
    height: 3,
    onArrow: (/** @type {number} */ dx, /** @type {number} */ dy) => pinNext(app, stage.candidates, dx + dy),
  };
  return makePointedBoard(app, options, (x, y, scale) => {
    const boxes = stage.candidates.map((candidate) => boxOf(app.decision, candidate));
    const found = boxAt(boxes, x, y, HAND / scale);
    return found < 0 ? null : idsOf(app.decision, stage.candidates[found]);
  });
}

/** Candidates with a score high enough before suppression, and those in the answer. @param {Decision} decision */
function beforeAndAfter({ candidates, settings, detections }) {
  const { scores } = candidates;
  return [Array.from(scores.keys()).filter((k) => scores[k] >= settings.minScore), Array.from(detections)];
}

/** @param {number} count */
function counted(count) {
  return count === 1 ? "1 box" : `${count} boxes`;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {App} app
 * @param {Stage} stage
 * @param {number} scale
 * @param {number} focused  Candidate; -1 for none.
 */
function drawStage(context, app, { name, candidates }, scale, focused) {
  const { image, colours } = app.payload;
  const { labels, scores, finalScores, strongest } = app.decision.candidates;
  const isAfter = name === "after";
  /** @type {Look} */
  const look = {
    scores: isAfter ? finalScores : scores,
    focused,
    by: focused < 0 ? -1 : strongest[focused],
    boxOf: (k) => boxOf(app.decision, k).map((v) => v * scale),
    colourOf: (k) => colours[labels[k]],
    isLit: (k) => focused < 0 && hasCorners(app.focus, idsOf(app.decision, k)),
  };
  context.imageSmoothingEnabled = true;
  context.drawImage(app.pictures.image, 0, 0, image.width * scale, image.height * scale);
  drawOutlines(context, candidates, look);
  drawFocused(context, look, isAfter && !candidates.includes(focused));
  drawScores(context, isAfter ? candidates : [], look);
}

/**
 * How the boxes of a stage are drawn.
 * @typedef {object} Look
 * @property {Float64Array} scores
 * @property {number} focused  -1 for none.
 * @property {number} by  What lowered the focused one most; -1 for none.
 * @property {(k: number) => number[]} boxOf  In CSS pixels.
 * @property {(k: number) => string} colourOf
 * @property {(k: number) => boolean} isLit
 */

/** @param {CanvasRenderingContext2D} context @param {number[]} candidates @param {Look} look */
function drawOutlines(context, candidates, { scores, focused, by, boxOf, colourOf, isLit }) {
  for (const k of candidates.slice(0, MOST_DRAWN).reverse()) {
    if (k === focused || k === by) continue;
    context.globalAlpha = (isLit(k) ? 1 : DIM) * (LEAST_OPACITY + (1 - LEAST_OPACITY) * scores[k]);
    outline(context, boxOf(k), colourOf(k), 2);
  }
  context.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} context @param {Look} look @param {boolean} isGone */
function drawFocused(context, { focused, by, boxOf, colourOf }, isGone) {
  if (by >= 0) outline(context, boxOf(by), colourOf(by), 2);
  if (focused < 0) return;
  if (isGone) context.setLineDash([4, 4]);
  outline(context, boxOf(focused), colourOf(focused), 3);
  context.setLineDash([]);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number[]} candidates  Besides those pointed at.
 * @param {Look} look
 */
function drawScores(context, candidates, { scores, focused, by, boxOf, colourOf, isLit }) {
  const chips = makeLabels(context);
  const put = (/** @type {number} */ k) => chips.put("", atMost(scores[k]), boxOf(k), colourOf(k));
  const pointed = [focused, by].filter((k) => k >= 0);
  pointed.forEach(put);
  for (const k of candidates.slice(0, MOST_DRAWN)) {
    if (pointed.includes(k)) continue;
    context.globalAlpha = isLit(k) ? 1 : 2 * DIM;
    put(k);
  }
  context.globalAlpha = 1;
}

/** Say what became of a box. @param {App} app @param {number} candidate */
function fate({ payload, decision }, candidate) {
  const { scores, finalScores, labels, strongest, strongestFactor, boxes, isDetection } = decision.candidates;
  const name = payload.categories[labels[candidate]];
  const score = `${name} ${atMost(scores[candidate])}`;
  const by = strongest[candidate];
  const end = isDetection[candidate] ? "**kept**" : endWords(decision, candidate);
  if (by < 0) return `${score}: no better box of its category overlaps it; ${end}.`;
  const overlap = iou(boxes, by, boxes, candidate);
  return (
    `${score}: lowered most by the box of ${atMost(scores[by])}: IoU **${overlap.toFixed(3)}**, ` +
    `factor **${strongestFactor[candidate].toFixed(3)}**; in the end **${atMost(finalScores[candidate])}**, ${end}.`
  );
}

/** @param {Decision} decision @param {number} candidate */
function endWords({ candidates, settings }, candidate) {
  const isBelow = candidates.finalScores[candidate] < settings.minScore;
  return isBelow
    ? `below the least score of ${asSet(settings.minScore)}`
    : `not among the best ${settings.maxDetections}`;
}
