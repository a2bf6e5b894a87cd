/** The tests of every pair of corners: the twin of Python's `pair_corners`. */
import { CATEGORY, EMBEDDING, ORDER, SUPPRESSED, WEAK } from "./verdicts.js";

/**
 * @typedef {object} Pairs
 * @property {Uint8Array} verdicts  Row by row; pairs that pass all tests are WEAK or SUPPRESSED, for now.
 * @property {number[]} kept  Places, row by row, of the pairs that pass category, order and distance.
 * @property {number[]} scores  Of those kept: the mean of both corners' scores.
 * @property {{category: number, order: number, distance: number, score: number}} passed
 *   How many pairs are left after each test.
 */

/**
 * Give the mean of a pair's corner scores.
 * @param {import("./corners.js").Corners} topLeft
 * @param {number} first  Id.
 * @param {import("./corners.js").Corners} bottomRight
 * @param {number} second
 */
export function pairScore(topLeft, first, bottomRight, second) {
  return (topLeft.score[first] + bottomRight.score[second]) / 2;
}

/**
 * Test every top-left peak (rows) with every bottom-right one (columns).
 * @param {import("./corners.js").Corners} topLeft
 * @param {import("./corners.js").Corners} bottomRight
 * @param {Int32Array} rows  Ids of the top-left peaks.
 * @param {Int32Array} columns
 * @param {import("../types.js").Settings} settings
 * @returns {Pairs}
 */
export function pairCorners(topLeft, bottomRight, rows, columns, settings) {
  const { maxEmbeddingDistance, minScore } = settings;
  const verdicts = new Uint8Array(rows.length * columns.length);
  const passed = { category: 0, order: 0, distance: 0, score: 0 };
  /** @type {number[]} */
  const kept = [];
  /** @type {number[]} */
  const scores = [];
  for (let row = 0, place = 0; row < rows.length; row++) {
    const first = rows[row];
    const label = topLeft.label[first];
    const [x, y, embedding] = [topLeft.x[first], topLeft.y[first], topLeft.embedding[first]];
    for (let column = 0; column < columns.length; column++, place++) {
      const second = columns[column];
      if (bottomRight.label[second] !== label) {
        verdicts[place] = CATEGORY;
        continue;
      }
      passed.category++;
      if (!(bottomRight.x[second] >= x && bottomRight.y[second] >= y)) {
        verdicts[place] = ORDER;
        continue;
      }
      passed.order++;
      if (!(Math.abs(embedding - bottomRight.embedding[second]) <= maxEmbeddingDistance)) {
        verdicts[place] = EMBEDDING;
        continue;
      }
      passed.distance++;
      const score = pairScore(topLeft, first, bottomRight, second);
      const isStrong = score >= minScore;
      if (isStrong) passed.score++;
      verdicts[place] = isStrong ? SUPPRESSED : WEAK;
      kept.push(place);
      scores.push(score);
    }
  }
  return { verdicts, kept, scores, passed };
}

/**
 * Order places by value, the highest first; equal ones stay in their order.
 * @param {ArrayLike<number>} values
 * @returns {number[]}
 */
export function byScore(values) {
  const order = Array.from({ length: values.length }, (_, k) => k);
  return order.sort((a, b) => values[b] - values[a] || a - b);
}
