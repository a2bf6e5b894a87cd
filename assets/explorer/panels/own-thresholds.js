/** Thresholds that differ from the model's own: they stay when another image comes, so that images can be compared. */
import { make, setText } from "../kit/dom.js";

/** @typedef {import("../types.js").App} App */
/** @typedef {import("../types.js").Settings} Settings */

/**
 * Name the thresholds that were changed.
 * @param {Settings} chosen
 * @param {Settings} own  The model's.
 */
export function changedNames(chosen, own) {
  return /** @type {(keyof Settings)[]} */ (Object.keys(own)).filter((name) => chosen[name] !== own[name]);
}

/** Take the model's own thresholds again. @param {App} app */
export function resetThresholds(app) {
  app.set({ settings: app.payload.settings });
}

/** Make the line below the boxes that says so, as long as it is so. @param {App} app */
export function makeOwnLine(app) {
  const words = make("span");
  const look = { type: "button", class: "cn-button cn-small", onclick: () => resetThresholds(app) };
  const reset = make("button", { ...look, title: "Take the model's own thresholds again" }, "Reset");
  const element = make("p", { class: "cn-own", hidden: true }, words, " ", reset);

  function draw() {
    const count = changedNames(app.state.settings, app.payload.settings).length;
    element.hidden = count === 0 || app.state.stop !== null; // a stop of the tour sets its own
    setText(words, ownWords(count));
  }
  return { element, draw };
}

/** @param {number} count  Of changed thresholds. */
export function ownWords(count) {
  return count === 1 ? "1 threshold is yours:" : `${count} thresholds are yours:`;
}
