/** Which pair is explained, and why this one. */
import { chosenCorners } from "../kit/chosen.js";
import { bestPartner, factsOf } from "../twins/corner-facts.js";
import { explain } from "../twins/explain.js";
import { otherSide, SIDES } from "../twins/sides.js";

/** @typedef {import("../types.js").App} App */
/** @typedef {import("../types.js").Focus} Focus */

/**
 * @typedef {object} Subject
 * @property {string} reason
 * @property {import("../twins/corner-facts.js").CornerFacts[]} corners  One or two.
 * @property {import("../twins/explain.js").Explanation | null} explanation
 */

/**
 * Choose what to explain: the pair pointed at, or a lone corner and its best partner, or the best box.
 * @param {App} app
 * @returns {Subject}
 */
export function subjectOf(app) {
  const { payload, decision, focus } = app;
  const isPointed = focus.topLeft !== null || focus.bottomRight !== null;
  const { topLeft, bottomRight } = isPointed ? focus : chosenCorners(app);
  const given = { topLeft, bottomRight };
  /** @type {Record<import("../types.js").Side, number | null>} */
  const whole = { ...given };
  for (const side of SIDES) {
    const [id, other] = [given[side], otherSide(side)];
    if (id !== null && given[other] === null) whole[other] = bestPartner(payload, decision, side, id);
  }
  const corners = SIDES.flatMap((side) => {
    const id = whole[side];
    return id === null ? [] : [factsOf(payload, decision, side, id)];
  });
  const explanation =
    whole.topLeft !== null && whole.bottomRight !== null
      ? explain(payload, decision, whole.topLeft, whole.bottomRight)
      : null;
  return { reason: reasonOf(app, given, isPointed), corners, explanation };
}

/** @param {App} app @param {Pick<Focus, "topLeft" | "bottomRight">} given @param {boolean} isPointed */
function reasonOf(app, given, isPointed) {
  if (!isPointed && given.topLeft === null && given.bottomRight === null)
    return "No corner was found at these thresholds.";
  if (!isPointed) {
    const what = app.decision.detections.length > 0 ? "the best box" : "the best corners: no box was found";
    return `Nothing is pointed at, so this is ${what}.`;
  }
  const lone = SIDES.find((side) => given[side] !== null && given[otherSide(side)] === null);
  const how = app.state.hover ? "that you point at" : "that is pinned";
  if (!lone) return `The pair ${how}.`;
  return `The ${app.payload.vocabulary.sides[lone]} corner ${how}, with the corner it came furthest with.`;
}
