/** The frame of the thresholds: those that matter always beside a small picture of the boxes, the rest unfolds. */
import { make, setText } from "../kit/dom.js";
import { makeSmallPicture } from "./small-picture.js";

const PICTURE = 112; // CSS pixels

/**
 * Make the frame.
 * @param {import("../types.js").App} app
 * @param {HTMLElement} reset  The button that stands with that for the rest.
 */
export function makeDock(app, reset) {
  const picture = makeSmallPicture(app, PICTURE);
  const go = { type: "button", class: "cn-to-boxes", onclick: () => app.show("boxes") };
  const toBoxes = make("button", { ...go, "aria-label": "Go to the image and its boxes" }, picture.element);
  const main = make("div", { class: "cn-sliders" });
  const rest = make("div", { class: "cn-sliders cn-rest", id: "cn-rest", hidden: true });
  const more = make("button", { type: "button", class: "cn-button", "aria-controls": rest.id });
  more.addEventListener("click", () => open(rest.hasAttribute("hidden")));
  const buttons = make("div", { class: "cn-dock-buttons" }, more, reset);
  const row = make("div", { class: "cn-dock-row" }, toBoxes, main, buttons);
  const element = make("div", { role: "group", "aria-label": "Thresholds" }, rest, row);

  /** @param {boolean} isOpen */
  function open(isOpen) {
    rest.hidden = !isOpen;
    more.setAttribute("aria-expanded", String(isOpen));
    setText(more, isOpen ? "Fewer thresholds" : "All thresholds");
  }
  open(false);
  return { element, main, rest, draw: picture.draw };
}
