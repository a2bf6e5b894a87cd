/** A choice of one among few, all in sight. */
import { make } from "./dom.js";

let groups = 0;

/**
 * @template {string} Value
 * @typedef {object} Choice
 * @property {HTMLElement} element
 * @property {(value: Value, isOpen?: boolean) => void} show  Mark a value; say whether one may choose.
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
  const labels = inputs.map((input, k) => make("label", {}, input, make("span", {}, options[k][1])));
  const element = /** @type {HTMLFieldSetElement} */ (
    make("fieldset", { class: "cn-choice" }, make("legend", {}, legend), ...labels)
  );
  return {
    element,
    show(value, isOpen = true) {
      for (const input of inputs) input.checked = input.value === value;
      element.disabled = !isOpen;
    },
  };
}

/**
 * Let the visitor choose one corner of the pair that is looked at; of a lone one there is no choice.
 * @param {import("../types.js").App} app
 */
export function makeSideChoice(app) {
  const choice = makeChoice(
    "Corner",
    [
      ["topLeft", "top-left"],
      ["bottomRight", "bottom-right"],
    ],
    (side) => app.set({ side }),
  );
  /** @param {import("./chosen.js").Corner | null} corner  The one that is looked at. */
  function show(corner) {
    const { pin, side } = app.state;
    choice.show(corner?.side ?? side, !pin || (pin.topLeft === null) === (pin.bottomRight === null));
  }
  return { element: choice.element, show };
}
