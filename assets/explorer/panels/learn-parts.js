/** The parts of the tab: buttons and words above, the choice of what is shown below, and two places for it. */
import { makeChoice } from "../kit/choice.js";
import { make } from "../kit/dom.js";

/** @typedef {"replay" | "live"} Shown */
/** @type {[Shown, string][]} */
const BELOW = [
  ["replay", "a recorded training"],
  ["live", "yours"],
];

/**
 * @param {object} actions
 * @param {() => void} actions.begin
 * @param {(command: string) => void} actions.order
 * @param {() => void} actions.toggle
 * @param {(what: Shown) => void} actions.show
 */
export function makeParts({ begin, order, toggle, show }) {
  const startButton = button("Start training", begin);
  const goButton = button("Pause", toggle);
  const stepButton = button("Step", () => order("step"));
  const resetButton = button("Reset", begin);
  const status = make("span", { class: "cn-learn-status", role: "status" });
  const figures = make("span", { class: "cn-learn-figures" });
  const look = { class: "cn-toolbar", role: "toolbar", "aria-label": "Training" };
  const bar = make("div", look, startButton, goButton, stepButton, resetButton, status, figures);
  const place = make("div", { class: "cn-learn-place", hidden: true });
  const replay = make("div", { class: "cn-learn-replay" });
  const choice = makeChoice("Shown below", BELOW, show);
  return { startButton, goButton, stepButton, resetButton, status, figures, bar, choice, replay, place };
}

/** @param {string} words @param {() => void} onClick */
function button(words, onClick) {
  return /** @type {HTMLButtonElement} */ (
    make("button", { type: "button", class: "cn-button", onclick: onClick }, words)
  );
}
