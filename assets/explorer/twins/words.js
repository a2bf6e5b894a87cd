/** Explanations in plain English: the twin of Python's `sentence`, and what only the page says. */
import { CATEGORY, DETECTION, EMBEDDING, ORDER, WEAK } from "./verdicts.js";
import { asSet, atLeast, atMost } from "./numbers.js";

/** @typedef {import("./explain.js").Explanation} Explanation */
/** @typedef {import("./pair-tests.js").SuppressionTest} SuppressionTest */

const CUT = {
  maxPairs: "it is not among the best pairs that go on to suppression (max_pairs)",
  maxDetections: "it is not among the best boxes that are kept (max_detections)",
};

/**
 * Tell which change of a threshold would turn the verdict, or that none can.
 * @param {Explanation} explanation
 * @param {number} [reach]  The largest embedding threshold that can be set; Python knows no slider.
 * @returns {string}
 */
export function sentence(explanation, reach = Infinity) {
  const { verdict, tests, counterfactual: change } = explanation;
  if (verdict === null) return "";
  if (verdict === CATEGORY) return "No threshold can make this a box: the corners' categories differ.";
  if (verdict === ORDER) {
    const sides = [tests.order.dy < 0 ? "above" : "", tests.order.dx < 0 ? "left of" : ""];
    const where = sides.filter(Boolean).join(" and ");
    return `No threshold can make this a box: the bottom-right corner lies ${where} the top-left one.`;
  }
  if (verdict === EMBEDDING) return ofEmbedding(explanation, reach);
  if (verdict === WEAK) return ofWeak(explanation);
  if (verdict === DETECTION) {
    const distance = atLeast(change.maxEmbeddingDistance ?? 0);
    const score = atMost(change.minScore ?? 0);
    return `Stays down to an embedding threshold of ${distance}, or up to a least score of ${score}.`;
  }
  const fate = suppressedOrCut(tests.suppression);
  const start = `${fate[0].toUpperCase()}${fate.slice(1)}`;
  return tests.suppression.cutBy ? `${start}.` : `${start}; ${lowerMinScore(explanation)}.`;
}

/** @param {Explanation} explanation @param {number} reach */
function ofEmbedding({ tests, counterfactual: change }, reach) {
  const then = /** @type {SuppressionTest} */ (change.suppressionThen);
  const distance = change.maxEmbeddingDistance ?? 0;
  const threshold = `${atLeast(distance)}${distance > reach ? ` (beyond the slider's ${reach})` : ""}`;
  if (change.verdictThen === DETECTION) {
    return `Kept at an embedding threshold of ${threshold}, with a score of ${atMost(then.score ?? 0)}.`;
  }
  const { score, minScore } = tests.score;
  const fate =
    change.verdictThen === WEAK
      ? `its score of ${atMost(score)} stays below ${asSet(minScore)}`
      : suppressedOrCut(then);
  return `An embedding threshold of ${threshold} would let it pass, but ${fate}.`;
}

/** @param {Explanation} explanation */
function ofWeak(explanation) {
  const { tests, counterfactual: change } = explanation;
  const besides = tests.suppression.suppressor ? `, and ${suppressedOrCut(tests.suppression)}` : "";
  const need = `Would need ${atLeast(change.missingScore ?? 0)} more score${besides}`;
  return `${need}; ${lowerMinScore(explanation)}.`;
}

/** @param {Explanation} explanation */
function lowerMinScore({ tests, counterfactual: { minScore } }) {
  if (minScore !== null) return `kept from a least score of ${atMost(minScore)} down`;
  return `a lower least score does not help, for ${CUT[tests.suppression.cutBy ?? "maxDetections"]}`;
}

/** @param {SuppressionTest} test */
function suppressedOrCut(test) {
  if (test.cutBy !== null) return CUT[test.cutBy];
  const [first, second] = test.suppressor ?? [];
  const pair = `top-left corner ${first} and bottom-right corner ${second}`;
  return `the box of ${pair} suppresses it to ${atMost(test.score ?? 0)}`;
}

/**
 * Tell why a corner is not among the peaks, and from which setting on it would be.
 * @param {import("./corner-facts.js").CornerFacts} facts
 * @param {import("../types.js").Settings} settings
 * @param {import("../types.js").Vocabulary["sides"]} sides
 */
export function absenceSentence(facts, settings, sides) {
  const name = `This ${sides[facts.side]} corner`;
  if (facts.absent === "window") {
    const [own, larger] = [facts.window, settings.peakWindow].map((side) => `${side} x ${side}`);
    return `${name} is the maximum of a window of ${own} cells, but not of ${larger}.`;
  }
  if (facts.absent === "score") {
    const least = asSet(settings.minCornerScore);
    return `${name} has a score of ${atMost(facts.score)}, below the least corner score of ${least}.`;
  }
  if (facts.absent === "topK") {
    return `${name} is not among the best ${settings.topK}; it would be from a top-k of ${facts.place + 1} on.`;
  }
  return "";
}
