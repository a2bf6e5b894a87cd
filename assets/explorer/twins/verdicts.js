/** What became of each pair: codes in the order of Python's `Verdict`, and where a decision holds them. */

export const [CATEGORY, ORDER, EMBEDDING, WEAK, SUPPRESSED, DETECTION] = [0, 1, 2, 3, 4, 5];

/**
 * Give the verdict of a pair of peaks.
 * @param {import("../types.js").Decision} decision
 * @param {number} row  Rank of the top-left peak.
 * @param {number} column  Rank of the bottom-right one.
 */
export function verdictAt({ verdicts, bottomRight }, row, column) {
  return verdicts[row * bottomRight.length + column];
}
