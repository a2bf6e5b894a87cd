/** The five tests of a pair as rows: name, outcome, numbers and margin. */
import { DETECTION } from "../twins/verdicts.js";
import { asSet, atLeast, atMost } from "../twins/numbers.js";

/**
 * @typedef {object} TestRow
 * @property {string} name
 * @property {boolean | null} passed  Null where the answer would mean nothing.
 * @property {string} numbers
 * @property {number | null} margin  From -1 to 1: by how much it passed, as a share of the most there can be.
 * @property {boolean} decides  Whether the verdict comes from this test.
 */

const FAR_CELLS = 20; // a margin of so many cells fills the bar

/**
 * Describe the tests in their order.
 * @param {import("../twins/explain.js").Explanation} explanation
 * @returns {TestRow[]}
 */
export function describeTests({ tests, verdict }) {
  const { category, order, embedding, score, suppression } = tests;
  /** @type {Omit<TestRow, "decides">[]} */
  const rows = [
    {
      name: "Category",
      passed: category.passed,
      numbers: category.passed ? `both ${category.names[0]}` : `${category.names[0]} ≠ ${category.names[1]}`,
      margin: null,
    },
    {
      name: "Order",
      passed: order.passed,
      numbers: `${away(order.dx, "right", "left")}, ${away(order.dy, "below", "above")}`,
      margin: Math.min(order.dx, order.dy) / FAR_CELLS,
    },
    {
      name: "Embeddings",
      passed: embedding.passed,
      numbers:
        `${atLeast(embedding.distance)} ${embedding.passed ? "≤" : ">"} ` +
        `${asSet(embedding.threshold)}: ${rest(embedding.margin, "too far")}`,
      margin: embedding.margin / (embedding.margin < 0 ? embedding.distance : embedding.threshold || 1),
    },
    {
      name: "Score",
      passed: score.passed,
      numbers:
        `${atMost(score.score)} ${score.passed ? "≥" : "<"} ` +
        `${asSet(score.minScore)}: ${rest(score.margin, "short")}`,
      margin: score.margin,
    },
    {
      name: "Suppression",
      passed: suppression.passed,
      numbers: suppressionWords(suppression, score),
      margin: suppression.score === null ? null : suppression.score - score.minScore,
    },
  ];
  const decides = verdict === null || verdict === DETECTION ? -1 : verdict;
  return rows.map((row, k) => ({ ...row, decides: k === decides }));
}

/** @param {number} cells @param {string} ahead @param {string} behind */
function away(cells, ahead, behind) {
  return `${Math.abs(cells).toFixed(2)} cells ${cells < 0 ? behind : ahead}`;
}

/**
 * Scores are rounded down and distances up, as in the sentence; so this is what is left of the numbers shown.
 * @param {number} margin
 * @param {string} wrong  What it means to fail.
 */
function rest(margin, wrong) {
  return margin < 0 ? `${atLeast(-margin)} ${wrong}` : `${atMost(margin)} to spare`;
}

/**
 * @param {import("../twins/pair-tests.js").SuppressionTest} suppression
 * @param {import("../twins/pair-tests.js").PairTests["score"]} before
 */
function suppressionWords(suppression, before) {
  const { score, suppressor, factor, cutBy } = suppression;
  if (cutBy === "maxPairs") return "not among the best pairs that go on";
  if (score === null) return "takes no part";
  const cut = cutBy ? ", but not among the best boxes" : "";
  if (!suppressor) return `score stays ${atMost(score)}: no better box of its category overlaps it${cut}`;
  const sign = score >= before.minScore ? "≥" : "<";
  const by = `by the box of corners ${suppressor[0]} and ${suppressor[1]} (× ${factor.toFixed(3)})`;
  return `${atMost(before.score)} → ${atMost(score)} ${sign} ${asSet(before.minScore)}, mostly ${by}${cut}`;
}
