/** The one change of a threshold that turns a pair's verdict: the twin of Python's `Counterfactual`. */
import { cornersOf } from "./corners.js";
import { chooseDetections, decide } from "./decide.js";
import { distanceOf, placeOfPair, testSuppression } from "./pair-tests.js";
import { pairScore } from "./pairs.js";
import { CATEGORY, DETECTION, EMBEDDING, ORDER, verdictAt, WEAK } from "./verdicts.js";

/** @typedef {import("./pair-tests.js").Pair} Pair */
/** @typedef {import("./pair-tests.js").SuppressionTest} SuppressionTest */

/**
 * @typedef {object} Counterfactual
 * @property {number | null} maxEmbeddingDistance
 * @property {number | null} verdictThen
 * @property {SuppressionTest | null} suppressionThen
 * @property {number | null} missingScore
 * @property {number | null} minScore
 */

/** @type {Counterfactual} */
export const NO_CHANGE = {
  maxEmbeddingDistance: null,
  verdictThen: null,
  suppressionThen: null,
  missingScore: null,
  minScore: null,
};

/**
 * Find what would turn the verdict.
 * @param {import("../types.js").Payload} payload
 * @param {import("../types.js").Decision} decision
 * @param {Pair} pair
 * @returns {Counterfactual}
 */
export function turn(payload, decision, pair) {
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
