/** Boxes before and after suppression, side by side. */
import { outline } from "./boxes.js";
import { boxOf, candidateOf, idsOf } from "../twins/candidates.js";
import { make, makeBoard, setRich, setText } from "../kit/dom.js";
import { boxAt } from "../twins/geometry.js";
import { makeLabels } from "../kit/labels.js";
import { asSet, atMost } from "../twins/numbers.js";
import { iou } from "../twins/suppress.js";

/** @typedef {import("../types.js").App} App */
/** @typedef {import("../types.js").Decision} Decision */

const HAND = 6; // CSS pixels around a box that still count as the box
const DIM = 0.25;
const MOST_DRAWN = 200; // more would only hide the image
const LEAST_OPACITY = 0.3; // of a score of 0

/** @param {App} app @returns {import("../types.js").Panel} */
export function createSuppression(app) {
  /** @type {number[]} */
  let before = [];
  /** @type {number[]} */
  let after = [];
  const boards = [() => before, () => after].map((candidates, k) => {
    /** @type {import("../kit/dom.js").Board} */
    const board = makeBoard({
      label: `Boxes ${k === 0 ? "before" : "after"} suppression. Arrow keys move from box to box.`,
      width: 4,
      height: 3,
      onResize: () => app.redraw(),
      onMove: (x, y) => app.payload && app.hover(at(candidates(), x, y, board.scale)),
      onLeave: () => app.hover(null),
      onClick: (x, y) => app.pin(at(candidates(), x, y, board.scale)),
      onArrow: (dx, dy) => step(candidates(), dx + dy),
    });
    return board;
  });
  const titles = boards.map(() => make("figcaption", {}, ""));
  const readout = make("p", { class: "cn-readout cn-two-lines", "aria-live": "polite" });
  const figures = boards.map((board, k) => make("figure", {}, titles[k], board.canvas));
  const element = make("div", { class: "cn-suppression" }, make("div", { class: "cn-two" }, ...figures), readout);

  /** @param {number[]} candidates @param {number} x @param {number} y @param {number} scale */
  function at(candidates, x, y, scale) {
    const boxes = candidates.map((candidate) => boxOf(app.decision, candidate));
    const found = boxAt(boxes, x, y, HAND / scale);
    return found < 0 ? null : idsOf(app.decision, candidates[found]);
  }

  /** @param {number[]} candidates @param {number} by */
  function step(candidates, by) {
    if (candidates.length === 0) return;
    const now = candidates.indexOf(candidateOf(app.decision, app.focus));
    const next = now < 0 ? 0 : (now + by + candidates.length) % candidates.length;
    app.pin(idsOf(app.decision, candidates[next]));
  }

  /** @param {App} _ @param {import("../types.js").Changes} changes */
  function draw(_, changes) {
    const { payload, decision } = app;
    if (changes.payload) for (const board of boards) board.resize(payload.image.width, payload.image.height);
    if (changes.payload || changes.decision) {
      const { scores } = decision.candidates;
      before = Array.from(scores.keys()).filter((k) => scores[k] >= decision.settings.minScore);
      after = Array.from(decision.detections);
      setText(titles[0], `before: ${counted(before.length)}`);
      setText(titles[1], `after: ${counted(after.length)}`);
    }
    const { topLeft, bottomRight } = app.focus;
    const focused = topLeft !== null && bottomRight !== null ? candidateOf(decision, app.focus) : -1;
    boards.forEach((board, k) =>
      board.paint((context, scale) =>
        drawSide(context, app, k === 0 ? before : after, { scale, focused, isAfter: k === 1 }),
      ),
    );
    setRich(readout, focused >= 0 ? fate(app, focused) : "Point at a box to see what suppression did to it.");
  }
  const caption = () =>
    `${titles[0].textContent}, ${titles[1].textContent} (${app.decision.settings.nms}). ${readout.textContent}`;
  return { element, draw, caption };
}

/** @param {number} count */
function counted(count) {
  return count === 1 ? "1 box" : `${count} boxes`;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {App} app
 * @param {number[]} candidates
 * @param {{scale: number, focused: number, isAfter: boolean}} look
 */
function drawSide(context, app, candidates, { scale, focused, isAfter }) {
  const { payload, decision } = app;
  const { labels, scores, finalScores, strongest } = decision.candidates;
  const shown = isAfter ? finalScores : scores;
  context.imageSmoothingEnabled = true;
  context.drawImage(app.pictures.image, 0, 0, payload.image.width * scale, payload.image.height * scale);
  const scaled = (/** @type {number} */ k) => boxOf(decision, k).map((v) => v * scale);
  const colour = (/** @type {number} */ k) => payload.colours[labels[k]];
  const words = (/** @type {number} */ k) => atMost(shown[k]);
  const by = focused < 0 ? -1 : strongest[focused];
  for (const k of candidates.slice(0, MOST_DRAWN).reverse()) {
    if (k === focused || k === by) continue;
    const isLit = focused < 0 && hasCorners(app.focus, idsOf(decision, k));
    context.globalAlpha = (isLit ? 1 : DIM) * (LEAST_OPACITY + (1 - LEAST_OPACITY) * shown[k]);
    outline(context, scaled(k), colour(k), 2);
  }
  context.globalAlpha = 1;
  if (by >= 0) outline(context, scaled(by), colour(by), 2);
  if (focused >= 0) {
    if (isAfter && !candidates.includes(focused)) context.setLineDash([4, 4]);
    outline(context, scaled(focused), colour(focused), 3);
    context.setLineDash([]);
  }
  const chips = makeLabels(context);
  const pointed = [focused, by].filter((k) => k >= 0);
  for (const k of pointed) chips.put("", words(k), scaled(k), colour(k));
  if (!isAfter) return;
  const others = candidates.slice(0, MOST_DRAWN).filter((k) => !pointed.includes(k));
  for (const k of others) {
    context.globalAlpha = focused < 0 && hasCorners(app.focus, idsOf(decision, k)) ? 1 : 2 * DIM;
    chips.put("", words(k), scaled(k), colour(k));
  }
  context.globalAlpha = 1;
}

/**
 * Whether a pair has all corners that are pointed at.
 * @param {import("../types.js").Focus} focus
 * @param {import("../twins/candidates.js").PairIds} ids
 */
function hasCorners(focus, ids) {
  const fits = (/** @type {number | null} */ wanted, /** @type {number} */ id) => wanted === null || wanted === id;
  return fits(focus.topLeft, ids.topLeft) && fits(focus.bottomRight, ids.bottomRight);
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
