/** The candidates of a decision: their corners and their boxes. */

/** @typedef {import("../types.js").Decision} Decision */
/** @typedef {{topLeft: number, bottomRight: number}} PairIds */

/**
 * Give the ids of a candidate's corners.
 * @param {Decision} decision
 * @param {number} candidate
 * @returns {PairIds}
 */
export function idsOf(decision, candidate) {
  const { topLeft, bottomRight, candidates } = decision;
  return {
    topLeft: topLeft[candidates.topLeft[candidate]],
    bottomRight: bottomRight[candidates.bottomRight[candidate]],
  };
}

/**
 * Give the box of a candidate, in px.
 * @param {Decision} decision
 * @param {number} candidate
 */
export function boxOf({ candidates }, candidate) {
  return Array.from(candidates.boxes.subarray(4 * candidate, 4 * candidate + 4));
}

/**
 * Find the candidate of a pair; -1 if its corners were not paired.
 * @param {Decision} decision
 * @param {Partial<import("../types.js").Focus>} focus
 */
export function candidateOf(decision, { topLeft, bottomRight }) {
  const { candidates } = decision;
  return candidates.scores.findIndex(
    (_, k) =>
      decision.topLeft[candidates.topLeft[k]] === topLeft &&
      decision.bottomRight[candidates.bottomRight[k]] === bottomRight,
  );
}
