/** Why a pair became a box, or why not: the twin of Python's `explain_pair`, with its field names. */
import { CATEGORY, DETECTION, EMBEDDING, ORDER, WEAK, verdictAt } from "./verdicts.js";
import { absence, cornersOf } from "./corners.js";
import { chooseDetections, decide } from "./decide.js";
import { pairScore } from "./pairs.js";

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
 *
 * @typedef {object} Counterfactual  The one change of a threshold that turns the verdict.
 * @property {number | null} maxEmbeddingDistance
 * @property {number | null} verdictThen
 * @property {SuppressionTest | null} suppressionThen
 * @property {number | null} missingScore
 * @property {number | null} minScore
 *
 * @typedef {object} Explanation
 * @property {number} topLeft  Index of the peak; -1 if the corner is none at these settings.
 * @property {number} bottomRight
 * @property {{topLeft: number, bottomRight: number}} ids
 * @property {Record<import("../types.js").Side, import("./corners.js").Absence | null>} absent
 * @property {PairTests} tests
 * @property {number | null} verdict  Null if a corner is absent.
 * @property {Counterfactual} counterfactual
 */

/**
 * Explain a pair of corners, given by id.
 * @param {import("../types.js").Payload} payload
 * @param {import("../types.js").Decision} decision
 * @param {number} topLeft
 * @param {number} bottomRight
 * @returns {Explanation}
 */
export function explain(payload, decision, topLeft, bottomRight) {
  const ids = { topLeft, bottomRight };
  /** @type {Pair} */
  const pair = [decision.topLeft.indexOf(topLeft), decision.bottomRight.indexOf(bottomRight)];
  const { settings } = decision;
  const isThere = pair[0] >= 0 && pair[1] >= 0;
  return {
    topLeft: pair[0],
    bottomRight: pair[1],
    ids,
    absent: {
      topLeft: absence(cornersOf(payload.topLeft), topLeft, decision.topLeft, settings),
      bottomRight: absence(cornersOf(payload.bottomRight), bottomRight, decision.bottomRight, settings),
    },
    tests: {
      ...testCorners(payload, settings, topLeft, bottomRight),
      suppression: isThere ? testSuppression(decision, pair) : NO_PART,
    },
    verdict: isThere ? verdictAt(decision, ...pair) : null,
    counterfactual: isThere ? turn(payload, decision, pair) : NO_CHANGE,
  };
}

/** @type {SuppressionTest} */
const NO_PART = { score: null, suppressor: null, factor: 1, cutBy: null, passed: null };
/** @type {Counterfactual} */
const NO_CHANGE = {
  maxEmbeddingDistance: null,
  verdictThen: null,
  suppressionThen: null,
  missingScore: null,
  minScore: null,
};

/**
 * Make the tests that need only the two corners.
 * @param {import("../types.js").Payload} payload
 * @param {import("../types.js").Settings} settings
 * @param {number} i
 * @param {number} j
 * @returns {Omit<PairTests, "suppression">}
 */
function testCorners(payload, settings, i, j) {
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
function placeOfPair({ candidates }, pair) {
  return candidates.topLeft.findIndex((row, k) => row === pair[0] && candidates.bottomRight[k] === pair[1]);
}

/**
 * Tell what suppression did to a pair.
 * @param {import("../types.js").Decision} decision
 * @param {Pair} pair
 * @returns {SuppressionTest}
 */
function testSuppression(decision, pair) {
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

/**
 * Find what would turn the verdict.
 * @param {import("../types.js").Payload} payload
 * @param {import("../types.js").Decision} decision
 * @param {Pair} pair
 * @returns {Counterfactual}
 */
function turn(payload, decision, pair) {
  const fate = verdictAt(decision, ...pair);
  if (fate === CATEGORY || fate === ORDER) return NO_CHANGE;
  const [first, second] = [decision.topLeft[pair[0]], decision.bottomRight[pair[1]]];
  const distance = distanceOf(payload, first, second);
  if (fate === EMBEDDING) {
    const then = withDistance(payload, decision, distance);
    return {
      ...NO_CHANGE,
      maxEmbeddingDistance: distance,
      verdictThen: verdictAt(then, ...pair),
      suppressionThen: testSuppression(then, pair),
    };
  }
  const minScore = largestMinScore(decision, pair);
  if (fate === DETECTION) {
    return { ...NO_CHANGE, maxEmbeddingDistance: smallestDistance(payload, decision, pair), minScore };
  }
  if (fate !== WEAK) return { ...NO_CHANGE, minScore };
  const score = pairScore(cornersOf(payload.topLeft), first, cornersOf(payload.bottomRight), second);
  return { ...NO_CHANGE, missingScore: decision.settings.minScore - score, minScore };
}

/**
 * @param {import("../types.js").Payload} payload
 * @param {import("../types.js").Decision} decision
 * @param {number} distance
 */
function withDistance(payload, decision, distance) {
  return decide(payload, { ...decision.settings, maxEmbeddingDistance: distance });
}

/**
 * Take the score after suppression, which does not depend on the least score.
 * @param {import("../types.js").Decision} decision
 * @param {Pair} pair
 */
function largestMinScore(decision, pair) {
  const { candidates, settings } = decision;
  const place = placeOfPair(decision, pair);
  if (place < 0) return null;
  const minScore = candidates.finalScores[place];
  return chooseDetections(candidates, { ...settings, minScore }).includes(place) ? minScore : null;
}

/**
 * Try the distances of the pairs kept now upwards, the pair's own first: without a third pair, the
 * one that it held down may suppress this one. The largest keeps all pairs, so needs no trial.
 * @param {import("../types.js").Payload} payload
 * @param {import("../types.js").Decision} decision
 * @param {Pair} pair
 */
function smallestDistance(payload, decision, pair) {
  const { topLeft, bottomRight, verdicts } = decision;
  const own = distanceOf(payload, topLeft[pair[0]], bottomRight[pair[1]]);
  /** @type {Set<number>} */
  const steps = new Set();
  verdicts.forEach((verdict, place) => {
    if (verdict < WEAK) return;
    const row = Math.floor(place / bottomRight.length);
    const distance = distanceOf(payload, topLeft[row], bottomRight[place % bottomRight.length]);
    if (distance >= own) steps.add(distance);
  });
  const upwards = [...steps].sort((a, b) => a - b);
  const largest = upwards.length - 1;
  return (
    upwards.find(
      (step, k) => k === largest || verdictAt(withDistance(payload, decision, step), ...pair) === DETECTION,
    ) ?? own
  );
}
