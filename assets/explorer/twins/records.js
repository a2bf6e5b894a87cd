/** Detections as plain values: the twin of Python's `as_records`, as `detect --json` prints them. */
import { idsOf } from "./candidates.js";
import { distanceOf } from "./pair-tests.js";
import { fixed } from "./numbers.js";

/**
 * @typedef {object} Row  One detection.
 * @property {number} candidate
 * @property {{topLeft: number, bottomRight: number}} ids  Of its corners.
 * @property {string} label
 * @property {string} score  After suppression, with four decimals.
 * @property {string[]} box  x1, y1, x2, y2 in pixels of the given image, with two decimals.
 * @property {number} exactScore
 * @property {string[]} shortBox  With one decimal, rounded like Python's `:.1f`, from the unrounded numbers.
 * @property {number} topLeft  The corner's score.
 * @property {number} bottomRight
 * @property {number} distance  Of the embeddings.
 */

/**
 * List the detections, the best first. Python rounds single-precision numbers, so here too.
 * @param {import("../types.js").Payload} payload
 * @param {import("../types.js").Decision} decision
 * @returns {Row[]}
 */
export function rowsOf(payload, decision) {
  const { candidates } = decision;
  return Array.from(decision.detections, (candidate) => {
    const ids = idsOf(decision, candidate);
    const box = [0, 1, 2, 3].map((k) => candidates.boxes[4 * candidate + k] * payload.originalPerShown[k % 2]);
    return {
      candidate,
      ids,
      label: payload.categories[candidates.labels[candidate]],
      score: fixed(Math.fround(candidates.finalScores[candidate]), 4),
      exactScore: candidates.finalScores[candidate],
      box: box.map((px) => fixed(Math.fround(px), 2)),
      shortBox: box.map((px) => fixed(Math.fround(px), 1)),
      topLeft: payload.topLeft.score[ids.topLeft],
      bottomRight: payload.bottomRight.score[ids.bottomRight],
      distance: distanceOf(payload, ids.topLeft, ids.bottomRight),
    };
  });
}

/**
 * Write the detections as Python's `json.dumps` with two spaces does, to the letter.
 * @param {Row[]} rows
 */
export function recordsText(rows) {
  if (rows.length === 0) return "[]";
  const records = rows.map(({ box, score, label }) => {
    const corners = box.map((value) => `      ${floatText(value)}`).join(",\n");
    const fields = [`"box_xyxy": [\n${corners}\n    ]`, `"score": ${floatText(score)}`, `"label": ${asciiText(label)}`];
    return `  {\n${fields.map((field) => `    ${field}`).join(",\n")}\n  }`;
  });
  return `[\n${records.join(",\n")}\n]`;
}

/** Drop zeros at the end, but keep one decimal. @param {string} decimals */
function floatText(decimals) {
  return decimals.replace(/(\.\d+?)0+$/, "$1");
}

/** @param {string} text */
function asciiText(text) {
  const escaped = (/** @type {string} */ c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(text).replace(/[\u0080-\uffff]/g, escaped);
}
