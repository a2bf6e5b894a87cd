/** Why a pair became a box, or why not: the twin of Python's `explain_pair`, with its field names. */
import { absence, cornersOf } from "./corners.js";
import { NO_CHANGE, turn } from "./counterfactual.js";
import { NO_PART, testCorners, testSuppression } from "./pair-tests.js";
import { verdictAt } from "./verdicts.js";

/** @typedef {import("./counterfactual.js").Counterfactual} Counterfactual */
/** @typedef {import("./pair-tests.js").Pair} Pair */
/** @typedef {import("./pair-tests.js").PairTests} PairTests */

/**
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
