/** A verdict's letter on its colour. */
import { rgbOf } from "./colours.js";
import { make, setText } from "./dom.js";

const [DARK, LIGHT] = ["#15171c", "#ffffff"];
const NOTHING = { letter: "–", colour: "#d0d4db" };

/**
 * Choose dark or light ink, whichever stands out more (WCAG's relative luminance).
 * @param {string} hex
 */
export function inkOn(hex) {
  const [red, green, blue] = rgbOf(hex).map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18 ? DARK : LIGHT;
}

/** Make a badge that shows a verdict, or that there is none. */
export function makeBadge() {
  const element = make("span", { class: "cn-badge", "aria-hidden": "true" });
  /** @param {import("../types.js").VerdictWords | null} verdict */
  function show(verdict) {
    const { letter, colour } = verdict ?? NOTHING;
    setText(element, letter);
    element.style.backgroundColor = colour;
    element.style.color = inkOn(colour);
  }
  return { element, show };
}
