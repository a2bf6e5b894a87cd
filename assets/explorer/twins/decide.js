/** From candidates and thresholds to boxes: the exact twin of Python's `decode` and `verdict`. */
import { DETECTION } from "./verdicts.js";
import { cornersOf, countAbove, findPeaks } from "./corners.js";
import { boxOfCorners } from "./geometry.js";
import { byScore, pairCorners } from "./pairs.js";
import { suppress } from "./suppress.js";

/**
 * Decide what becomes of every pair. Each operation on numbers is Python's, in the same order.
 * @param {import("../types.js").Payload} payload
 * @param {import("../types.js").Settings} settings
 * @returns {import("../types.js").Decision}
 */
export function decide(payload, settings) {
  const [first, second] = [cornersOf(payload.topLeft), cornersOf(payload.bottomRight)];
  const [rows, columns] = [findPeaks(first, settings), findPeaks(second, settings)];
  const pairs = pairCorners(first, second, rows, columns, settings);
  const candidates = chooseCandidates(payload, rows, columns, pairs, settings);
  const detections = chooseDetections(candidates, settings);
  for (const k of detections) {
    candidates.isDetection[k] = 1;
    pairs.verdicts[candidates.topLeft[k] * columns.length + candidates.bottomRight[k]] = DETECTION;
  }
  const funnel = countSteps(payload, settings, { rows, columns, pairs, candidates, detections });
  return {
    settings: { ...settings },
    topLeft: rows,
    bottomRight: columns,
    verdicts: pairs.verdicts,
    candidates,
    detections,
    funnel,
  };
}

/**
 * Take the best pairs that pass, and let suppression lower their scores.
 * @param {import("../types.js").Payload} payload
 * @param {Int32Array} rows
 * @param {Int32Array} columns
 * @param {import("./pairs.js").Pairs} pairs
 * @param {import("../types.js").Settings} settings
 * @returns {import("../types.js").Candidates}
 */
function chooseCandidates(payload, rows, columns, pairs, settings) {
  const order = byScore(pairs.scores).slice(0, settings.maxPairs);
  const places = order.map((k) => pairs.kept[k]);
  const topLeft = Int32Array.from(places, (place) => Math.floor(place / columns.length));
  const bottomRight = Int32Array.from(places, (place) => place % columns.length);
  const boxes = new Float64Array(4 * order.length);
  order.forEach((_, k) => boxes.set(boxOfCorners(payload, rows[topLeft[k]], columns[bottomRight[k]]), 4 * k));
  const scores = Float64Array.from(order, (k) => pairs.scores[k]);
  const labels = Int32Array.from(topLeft, (row) => payload.topLeft.label[rows[row]]);
  const after = suppress(boxes, scores, labels, settings);
  return {
    topLeft,
    bottomRight,
    boxes,
    scores,
    labels,
    finalScores: after.scores,
    strongest: after.strongest,
    strongestFactor: after.strongestFactor,
    isDetection: new Uint8Array(order.length),
  };
}

/**
 * Choose, from scores after suppression, the candidates that are in the answer, the best first.
 * @param {import("../types.js").Candidates} candidates
 * @param {Pick<import("../types.js").Settings, "minScore" | "maxDetections">} settings
 */
export function chooseDetections(candidates, settings) {
  const best = byScore(candidates.finalScores).slice(0, settings.maxDetections);
  return Int32Array.from(best.filter((k) => candidates.finalScores[k] >= settings.minScore));
}

/** @type {Record<import("../types.js").Settings["nms"], string>} */
const SUPPRESSIONS = { gaussian: "After soft-NMS", linear: "After soft-NMS", hard: "After NMS", none: "Without NMS" };

/**
 * Count what is left after each step, from cells to boxes.
 * @param {import("../types.js").Payload} payload
 * @param {import("../types.js").Settings} settings
 * @param {object} found
 * @param {Int32Array} found.rows
 * @param {Int32Array} found.columns
 * @param {import("./pairs.js").Pairs} found.pairs
 * @param {import("../types.js").Candidates} found.candidates
 * @param {Int32Array} found.detections
 * @returns {import("../types.js").FunnelStep[]}
 */
function countSteps({ topLeft, bottomRight, cellsInAll, vocabulary }, settings, found) {
  const { rows, columns, pairs, candidates, detections } = found;
  const window = settings.peakWindow;
  const maxima = topLeft.countsAbove[window][0] + bottomRight.countsAbove[window][0];
  const reach = [topLeft, bottomRight].map((columns) => countAbove(columns, settings, vocabulary.limits));
  const { passed } = pairs;
  const strong = candidates.finalScores.filter((score) => score >= settings.minScore).length;
  return [
    { name: "cells", label: "Heatmap cells", count: 2 * cellsInAll },
    { name: "maxima", label: "Local maxima", count: maxima },
    {
      name: "cornerScore",
      label: "Score of a corner",
      count: reach[0].count + reach[1].count,
      isLeast: reach.some((side) => side.isLeast),
    },
    { name: "topK", label: "Top-k corners", count: rows.length + columns.length },
    { name: "pairs", label: "Pairs", count: rows.length * columns.length },
    { name: "category", label: "Same category", count: passed.category },
    { name: "order", label: "In order", count: passed.order },
    { name: "distance", label: "Embeddings close", count: passed.distance },
    { name: "score", label: "Score high enough", count: passed.score },
    { name: "suppression", label: SUPPRESSIONS[settings.nms], count: strong },
    { name: "boxes", label: "Boxes", count: detections.length },
  ];
}
