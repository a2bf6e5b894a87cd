/** The tests of one pair of corners with their numbers, as Python's `explain_pair` gives them; `pairs.js` decides. */
import { cornersOf } from "./corners.js";
import { pairScore } from "./pairs.js";
import { verdictAt, WEAK } from "./verdicts.js";

/**
 * @typedef {[number, number]} Pair  Indices of a top-left and a bottom-right peak.
 *
 * @typedef {object} SuppressionTest
 * @property {number | null} score  After suppression; null if the pair did not take part.
 * @property {Pair | null} suppressor  Whose decay was the heaviest.
 * @property {number} factor  What that one multiplied the score by; 1 if none did.
 * @property {"maxPairs" | "maxDetections" | null} cutBy
 * @property {boolean | null} passed  Null where the answer would mean nothing.
 *
 * @typedef {object} PairTests  The first four are made for every pair.
 * @property {{labels: [number, number], names: [string, string], passed: boolean}} category
 * @property {{dx: number, dy: number, passed: boolean}} order  In cells.
 * @property {{distance: number, threshold: number, margin: number, passed: boolean}} embedding
 * @property {{score: number, minScore: number, margin: number, passed: boolean}} score
 * @property {SuppressionTest} suppression
 */

/** @type {SuppressionTest} */
export const NO_PART = { score: null, suppressor: null, factor: 1, cutBy: null, passed: null };
/**
 * Make the tests that need only the two corners.
 * @param {import("../types.js").Payload} payload
 * @param {import("../types.js").Settings} settings
 * @param {number} i
 * @param {number} j
 * @returns {Omit<PairTests, "suppression">}
 */
export function testCorners(payload, settings, i, j) {
  const [first, second] = [cornersOf(payload.topLeft), cornersOf(payload.bottomRight)];
  const [label, other] = [first.label[i], second.label[j]];
  const [dx, dy] = [second.x[j] - first.x[i], second.y[j] - first.y[i]];
  const distance = distanceOf(payload, i, j);
  const { maxEmbeddingDistance: threshold, minScore } = settings;
  const score = pairScore(first, i, second, j);
  return {
    category: {
      labels: [label, other],
      names: [payload.categories[label], payload.categories[other]],
      passed: label === other,
    },
    order: { dx, dy, passed: second.x[j] >= first.x[i] && second.y[j] >= first.y[i] },
    embedding: { distance, threshold, margin: threshold - distance, passed: distance <= threshold },
    score: { score, minScore, margin: score - minScore, passed: score >= minScore },
  };
}

/**
 * Give the distance of two corners' embeddings.
 * @param {import("../types.js").Payload} payload
 * @param {number} topLeft  Id.
 * @param {number} bottomRight
 */
export function distanceOf(payload, topLeft, bottomRight) {
  const [first, second] = [cornersOf(payload.topLeft), cornersOf(payload.bottomRight)];
  return Math.abs(first.embedding[topLeft] - second.embedding[bottomRight]);
}

/**
 * Find a pair of peaks among the candidates; -1 if it is none.
 * @param {import("../types.js").Decision} decision
 * @param {Pair} pair
 */
export function placeOfPair({ candidates }, pair) {
  return candidates.topLeft.findIndex((row, k) => row === pair[0] && candidates.bottomRight[k] === pair[1]);
}

/**
 * Tell what suppression did to a pair.
 * @param {import("../types.js").Decision} decision
 * @param {Pair} pair
 * @returns {SuppressionTest}
 */
export function testSuppression(decision, pair) {
  const { candidates, settings } = decision;
  const place = placeOfPair(decision, pair);
  if (place < 0) {
    return { ...NO_PART, cutBy: verdictAt(decision, ...pair) >= WEAK ? "maxPairs" : null };
  }
  const [score, by] = [candidates.finalScores[place], candidates.strongest[place]];
  const isHighEnough = score >= settings.minScore;
  const isCut = isHighEnough && !candidates.isDetection[place];
  const isWeak = candidates.scores[place] < settings.minScore;
  return {
    score,
    suppressor: by >= 0 ? [candidates.topLeft[by], candidates.bottomRight[by]] : null,
    factor: candidates.strongestFactor[place],
    cutBy: isCut ? "maxDetections" : null,
    passed: isCut || isWeak ? null : isHighEnough,
  };
}
