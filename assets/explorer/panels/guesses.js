/** How close a visitor's guesses came to the answer. */
import { boxOf, idsOf } from "../twins/candidates.js";
import { verdictAt } from "../twins/verdicts.js";
import { matchBoxes } from "../twins/geometry.js";

/** @typedef {import("../types.js").App} App */
/** @typedef {import("../types.js").Side} Side */
/** @typedef {import("../twins/geometry.js").Box} Box */
/** @typedef {{boxes: number[][], names: string[]}} Answer */
/** @typedef {{topLeft: number, bottomRight: number}} Match  Ids of corners. */

export const HIT = 0.5; // IoU from which a box counts as found, as in AP50
const MOST_CORNERS = 12; // of a kind, given for matching

/** The network's boxes. @param {App} app @returns {Answer} */
export function networkAnswer({ payload, decision }) {
  const { labels } = decision.candidates;
  const chosen = Array.from(decision.detections);
  return {
    boxes: chosen.map((k) => boxOf(decision, k)),
    names: chosen.map((k) => payload.categories[labels[k]]),
  };
}

/** The true boxes, where they are known. @param {App} app @returns {Answer | null} */
export function trueAnswer({ payload }) {
  const { truth } = payload;
  return truth && { boxes: truth.boxes, names: truth.labels.map((label) => payload.categories[label]) };
}

/**
 * Compare boxes with an answer, one to one.
 * @param {Box[]} guesses
 * @param {Answer} answer
 * @returns {{overlaps: ({iou: number, name: string} | null)[], hits: number, mean: number}}
 *   `mean` is over all guesses.
 */
export function judge(guesses, answer) {
  const matches = matchBoxes(guesses, answer.boxes);
  const overlaps = guesses.map((_, k) => {
    const match = matches.find((pair) => pair.mine === k);
    return match ? { iou: match.iou, name: answer.names[match.theirs] } : null;
  });
  const sum = matches.reduce((total, pair) => total + pair.iou, 0);
  const hits = matches.filter((pair) => pair.iou >= HIT).length;
  return { overlaps, hits, mean: guesses.length ? sum / guesses.length : 0 };
}

/**
 * Say in one line how well boxes were placed.
 * @param {Box[]} guesses
 * @param {Answer} answer
 * @param {string} whose  As in "of the network".
 */
export function scoreLine(guesses, answer, whose) {
  const { hits, mean } = judge(guesses, answer);
  const count = answer.boxes.length;
  const found = `You hit **${hits} of ${count}** ${count === 1 ? "box" : "boxes"} ${whose} (IoU from ${HIT})`;
  return guesses.length ? `${found}; your mean IoU is **${mean.toFixed(2)}**.` : `${found}.`;
}

/**
 * Corners to be matched: the peaks that reach the least score.
 * @param {App} app
 * @param {Side} side
 * @returns {number[]}
 */
export function cornersToMatch({ payload, decision }, side) {
  const { score } = payload[side];
  const strong = Array.from(decision[side]).filter((id) => score[id] >= decision.settings.minScore);
  return strong.slice(0, MOST_CORNERS);
}

/** Pairs of the answer whose corners were both given. @param {App} app @returns {Match[]} */
export function pairsToFind(app) {
  const given = { topLeft: cornersToMatch(app, "topLeft"), bottomRight: cornersToMatch(app, "bottomRight") };
  return Array.from(app.decision.detections, (k) => idsOf(app.decision, k)).filter(
    (ids) => given.topLeft.includes(ids.topLeft) && given.bottomRight.includes(ids.bottomRight),
  );
}

/** The verdict on a pair; null where a corner is no peak. @param {App} app @param {Match} match */
export function verdictOfMatch({ decision }, { topLeft, bottomRight }) {
  const [row, column] = [decision.topLeft.indexOf(topLeft), decision.bottomRight.indexOf(bottomRight)];
  if (row < 0 || column < 0) return null;
  return verdictAt(decision, row, column);
}
