/** Panels that are folded on a phone: the title stays, and a press on its line unfolds the rest. */
import { make, setText } from "./dom.js";

/**
 * Fold a panel, where the screen is that narrow, and let it be unfolded.
 * @param {import("./sections.js").Section} section
 */
export function letFold({ name, element }) {
  const words = make("span", { id: `cn-fold-${name}` });
  const names = `${words.id} cn-title-${name}`; // "Show Embeddings on a line"
  const onclick = () => fold(element, !element.classList.contains("cn-folded-up"));
  const button = make("button", { type: "button", class: "cn-fold", "aria-labelledby": names, onclick }, words);
  element.querySelector(".cn-title")?.before(button);
  fold(element, true);
}

/**
 * Fold or unfold a panel; one that does not fold stays as it is.
 * @param {HTMLElement} element
 * @param {boolean} isFolded
 */
export function fold(element, isFolded) {
  const button = element.querySelector(":scope > .cn-fold");
  if (!button?.firstElementChild) return;
  element.classList.toggle("cn-folded-up", isFolded);
  button.setAttribute("aria-expanded", String(!isFolded));
  setText(button.firstElementChild, isFolded ? "Show" : "Hide");
}
