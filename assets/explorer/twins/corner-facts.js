/** What there is to say of one corner. */
import { EMBEDDING, verdictAt } from "./verdicts.js";
import { absence, cornersOf } from "./corners.js";
import { distanceOf } from "./pair-tests.js";
import { pairScore } from "./pairs.js";
import { otherSide } from "./sides.js";

/**
 * @typedef {object} CornerFacts
 * @property {import("../types.js").Side} side
 * @property {number} id
 * @property {number} index  Among the peaks, the best first; -1 if it is none.
 * @property {import("./corners.js").Absence | null} absent
 * @property {number} window  The largest in which it is a maximum.
 * @property {number} place  How many corners would be peaks before it with no limit on their number.
 * @property {string} category
 * @property {number} score
 * @property {number} embedding
 * @property {[number, number]} cell
 * @property {[number, number]} offset
 * @property {number | null} partner  Id of the corner with which it came furthest.
 */

/**
 * Gather the facts of a corner.
 * @param {import("../types.js").Payload} payload
 * @param {import("../types.js").Decision} decision
 * @param {import("../types.js").Side} side
 * @param {number} id
 * @returns {CornerFacts}
 */
export function factsOf(payload, decision, side, id) {
  const corners = cornersOf(payload[side]);
  const columns = payload[side];
  const { peakWindow } = decision.settings;
  return {
    side,
    id,
    index: decision[side].indexOf(id),
    absent: absence(corners, id, decision[side], decision.settings),
    window: corners.window[id],
    place: corners.window.subarray(0, id).filter((window) => window >= peakWindow).length,
    category: payload.categories[corners.label[id]],
    score: corners.score[id],
    embedding: corners.embedding[id],
    cell: [columns.x[id], columns.y[id]],
    offset: [columns.offsetX[id], columns.offsetY[id]],
    partner: bestPartner(payload, decision, side, id),
  };
}

/**
 * Find the corner with which a peak came furthest: of equal verdicts the best score counts, or the
 * smallest distance where embeddings decide.
 * @param {import("../types.js").Payload} payload
 * @param {import("../types.js").Decision} decision
 * @param {import("../types.js").Side} side
 * @param {number} id
 * @returns {number | null}
 */
export function bestPartner(payload, decision, side, id) {
  const index = decision[side].indexOf(id);
  if (index < 0) return null;
  const others = decision[otherSide(side)];
  const [first, second] = [cornersOf(payload.topLeft), cornersOf(payload.bottomRight)];
  let best = { partner: /** @type {number | null} */ (null), verdict: -1, merit: -Infinity };
  others.forEach((partner, k) => {
    const isRow = side === "topLeft";
    const verdict = isRow ? verdictAt(decision, index, k) : verdictAt(decision, k, index);
    const pair = /** @type {[number, number]} */ (isRow ? [id, partner] : [partner, id]);
    const merit = verdict === EMBEDDING ? -distanceOf(payload, ...pair) : pairScore(first, pair[0], second, pair[1]);
    const isBetter = verdict > best.verdict || (verdict === best.verdict && merit > best.merit);
    if (isBetter) best = { partner, verdict, merit };
  });
  return best.partner;
}
