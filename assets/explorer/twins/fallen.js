/** What fell out at a step of the funnel. */
import { CATEGORY, EMBEDDING, ORDER, SUPPRESSED, WEAK } from "./verdicts.js";
import { absence, cornersOf } from "./corners.js";
import { boxOfCorners } from "./geometry.js";
import { byScore, pairScore } from "./pairs.js";

const MOST_SHOWN = 100; // pairs or corners of a kind: more would hide the image

/**
 * @typedef {object} Fallen
 * @property {{topLeft: number[], bottomRight: number[]}} corners  Ids, the best first.
 * @property {number[][]} boxes  In px, the best first.
 * @property {[number, number][]} pairs  Ids of the boxes' corners.
 * @property {number} count  How many fell; more than are listed, it may be.
 */

/** Several panels ask the same at every hover. @type {WeakMap<import("../types.js").Decision, Map<string, Fallen>>} */
const known = new WeakMap();

/**
 * Give what the step before still had and this one has not, the best of it first.
 * @param {import("../types.js").Payload} payload
 * @param {import("../types.js").Decision} decision
 * @param {string | null} step  Name of a funnel's step.
 * @returns {Fallen}
 */
export function fallenAt(payload, decision, step) {
  const found = known.get(decision) ?? new Map();
  known.set(decision, found);
  const name = step ?? "";
  const fallen = found.get(name) ?? gather(payload, decision, name);
  found.set(name, fallen);
  return fallen;
}

/**
 * @param {import("../types.js").Payload} payload
 * @param {import("../types.js").Decision} decision
 * @param {string} step
 * @returns {Fallen}
 */
function gather(payload, decision, step) {
  const { funnel } = decision;
  const at = funnel.findIndex((one) => one.name === step);
  // Corners become pairs at one step: what is counted there is another thing than before.
  const count = at < 1 || step === "pairs" ? 0 : funnel[at - 1].count - funnel[at].count;
  const corners = {
    topLeft: fallenCorners(payload, decision, "topLeft", step),
    bottomRight: fallenCorners(payload, decision, "bottomRight", step),
  };
  const pairs = fallenPairs(payload, decision, step);
  return { corners, pairs, boxes: pairs.map((pair) => boxOfCorners(payload, ...pair)), count };
}

/**
 * @param {import("../types.js").Payload} payload
 * @param {import("../types.js").Decision} decision
 * @param {import("../types.js").Side} side
 * @param {string} step
 */
function fallenCorners(payload, decision, side, step) {
  const reason = REASON_OF_STEP[step];
  if (!reason) return [];
  const corners = cornersOf(payload[side]);
  const ids = Array.from({ length: corners.count }, (_, id) => id);
  const isFallen = (/** @type {number} */ id) => absence(corners, id, decision[side], decision.settings) === reason;
  return ids.filter(isFallen).slice(0, MOST_SHOWN);
}

/** @type {Record<string, import("./corners.js").Absence>} */
const REASON_OF_STEP = { maxima: "window", cornerScore: "score", topK: "topK" };

/** @type {Record<string, number>} */
const TEST_OF_STEP = {
  category: CATEGORY,
  order: ORDER,
  distance: EMBEDDING,
  score: WEAK,
  suppression: SUPPRESSED,
  boxes: SUPPRESSED,
};

/**
 * @param {import("../types.js").Payload} payload
 * @param {import("../types.js").Decision} decision
 * @param {string} step
 * @returns {[number, number][]}
 */
function fallenPairs(payload, decision, step) {
  const { topLeft, bottomRight, verdicts } = decision;
  const verdict = TEST_OF_STEP[step];
  if (verdict === undefined) return [];
  const [first, second] = [cornersOf(payload.topLeft), cornersOf(payload.bottomRight)];
  const tooMany = verdict === SUPPRESSED ? beyondLimit(decision) : new Set();
  /** @type {[number, number][]} */
  const pairs = [];
  verdicts.forEach((one, place) => {
    if (one !== verdict || (verdict === SUPPRESSED && tooMany.has(place) !== (step === "boxes"))) return;
    pairs.push([topLeft[Math.floor(place / bottomRight.length)], bottomRight[place % bottomRight.length]]);
  });
  const scores = pairs.map(([i, j]) => pairScore(first, i, second, j));
  return byScore(scores)
    .slice(0, MOST_SHOWN)
    .map((k) => pairs[k]);
}

/**
 * Find the pairs that are still strong after suppression, but too many; row by row.
 * @param {import("../types.js").Decision} decision
 * @returns {Set<number>}
 */
function beyondLimit({ candidates, bottomRight, settings }) {
  const places = new Set();
  candidates.finalScores.forEach((score, k) => {
    if (score < settings.minScore || candidates.isDetection[k]) return;
    places.add(candidates.topLeft[k] * bottomRight.length + candidates.bottomRight[k]);
  });
  return places;
}
