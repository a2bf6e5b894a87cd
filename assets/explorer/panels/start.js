/** The first line: what is shown, what to do with it, and the tour for those who are new here. */
import { make, setText } from "../kit/dom.js";
import { isTapping } from "../kit/hands.js";
import { visit } from "./tour.js";

/** @typedef {import("../types.js").App} App */

const LOADING = "The network looks at the first image: its boxes and heatmaps will stand here in a moment.";

/** @param {App} app @returns {import("../kit/mount.js").Row} */
export function createStart(app) {
  const words = make("span", { role: "status" }, LOADING);
  const tour = make("button", { type: "button", class: "cn-button", onclick: () => visit(app, 0) }, "Take the tour");
  const invitation = make("span", { class: "cn-new", hidden: true }, "New here? ", tour);
  const element = make("div", { class: "cn-start" }, words, invitation);

  /** @param {App} _ @param {import("../types.js").Changes} changes */
  function draw(_, changes) {
    const { detections } = app.decision;
    const act = isTapping() ? "Tap" : "Point at";
    if (changes.payload || changes.decision) setText(words, startWords(detections.length, act));
    invitation.hidden = app.payload.tour.length === 0;
    element.hidden = app.state.stop !== null || app.state.predict;
  }
  return { element, draw };
}

/**
 * Say what is shown and what to do.
 * @param {number} boxes  How many were found.
 * @param {"Tap" | "Point at"} act
 */
export function startWords(boxes, act) {
  if (boxes === 0) return `No pair of corners became a box. ${act} a bright spot of a heatmap to see how near it came.`;
  if (boxes === 1) return `This box was found as a pair of corners. ${act} it to see where it comes from.`;
  return `These boxes were found as pairs of corners. ${act} one to see where it comes from.`;
}
