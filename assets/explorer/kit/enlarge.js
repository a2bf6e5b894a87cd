/** Panels that one can enlarge: by a button, by a double click on a board, or by Enter on it. */
import { make, setText } from "./dom.js";

/** @typedef {import("../types.js").App} App */

/** The panels of the whole explorer that can be enlarged, by which an address names one. */
export const CAN_BE_LARGE = [
  "boxes",
  "topLeft",
  "bottomRight",
  "matrix",
  "features",
  "evidence",
  "pooling",
  "lens",
  "suppression",
];

/**
 * Let a panel be enlarged, and made small again in the same way.
 * @param {App} app
 * @param {import("./sections.js").Section} section
 */
export function letEnlarge(app, { name, element }) {
  const sign = make("span", { "aria-hidden": "true" }, "⤢");
  const words = make("span", { id: `cn-enlarge-${name}` }, "Enlarge");
  const names = `${words.id} cn-title-${name}`; // "Enlarge Every pair"
  const look = { type: "button", class: "cn-enlarge", "aria-pressed": "false", "aria-labelledby": names };
  const button = make("button", { ...look, onclick: toggle }, sign, words);
  element.querySelector(".cn-title")?.before(button);
  let wasLarge = false;
  // The class follows the state, whatever changed that: this button, Escape, another panel.
  new MutationObserver(() => {
    const isLarge = element.classList.contains("cn-large");
    if (isLarge === wasLarge) return;
    wasLarge = isLarge;
    setText(sign, isLarge ? "⤡" : "⤢");
    setText(words, isLarge ? "Smaller" : "Enlarge");
    button.setAttribute("aria-pressed", String(isLarge));
    if (isLarge || !app.state.large) element.scrollIntoView({ block: isLarge ? "start" : "nearest" });
  }).observe(element, { attributeFilter: ["class"] });

  function toggle() {
    if (app.payload) app.set({ large: app.state.large === name ? null : name });
  }
  const isBoard = (/** @type {Event} */ event) => event.target instanceof Element && event.target.matches(".cn-board");
  element.addEventListener("dblclick", (event) => isBoard(event) && toggle());
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.defaultPrevented || !isBoard(event)) return;
    event.preventDefault();
    toggle();
  });
}
