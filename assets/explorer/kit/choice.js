/** A choice of one among few, all in sight. */
import { SIDES } from "../twins/sides.js";
import { make, setText } from "./dom.js";

/** @typedef {import("../types.js").Side} Side */

let groups = 0;

/**
 * @template {string} Value
 * @typedef {object} Choice
 * @property {HTMLElement} element
 * @property {(value: Value, closed?: string) => void} show  Mark a value; say why one may not choose, if so.
 * @property {(words: string[]) => void} rename  Give the options other words.
 */

/**
 * Make a row of radio buttons.
 * @template {string} Value
 * @param {string} legend
 * @param {[Value, string][]} options  Each with its words.
 * @param {(value: Value) => void} onChoose
 * @returns {Choice<Value>}
 */
export function makeChoice(legend, options, onChoose) {
  const name = `cn-choice-${++groups}`;
  const inputs = options.map(([value]) => {
    const attributes = { type: "radio", name, value, onchange: () => onChoose(value) };
    return /** @type {HTMLInputElement} */ (make("input", attributes));
  });
  const spans = options.map(([, words]) => make("span", {}, words));
  const labels = inputs.map((input, k) => make("label", {}, input, spans[k]));
  const element = /** @type {HTMLFieldSetElement} */ (
    make("fieldset", { class: "cn-choice" }, make("legend", {}, legend), ...labels)
  );
  return {
    element,
    show(value, closed = "") {
      for (const input of inputs) input.checked = input.value === value;
      element.disabled = closed !== "";
      element.title = closed;
    },
    rename(words) {
      for (const [k, span] of spans.entries()) setText(span, words[k]);
    },
  };
}

/**
 * Let the visitor choose one corner of the pair that is looked at; of a lone one there is no choice.
 * @param {import("../types.js").App} app
 */
export function makeSideChoice(app) {
  const options = SIDES.map((side) => /** @type {[Side, string]} */ ([side, ""])); // the payload names them
  const choice = makeChoice("Corner", options, (side) => app.set({ side }));
  /** @param {import("./chosen.js").Corner | null} corner  The one that is looked at. */
  function show(corner) {
    const { pin, side } = app.state;
    choice.rename(SIDES.map((one) => app.payload.vocabulary.sides[one]));
    const isLone = pin !== null && (pin.topLeft === null) !== (pin.bottomRight === null);
    choice.show(corner?.side ?? side, isLone ? "Only one corner is pinned: pin a pair to choose." : "");
  }
  return { element: choice.element, show };
}
