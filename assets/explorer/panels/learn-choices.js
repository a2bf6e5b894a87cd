/** What may be chosen of a training: some of it while it goes on, the rest before it begins. */
import { makeChoice } from "../kit/choice.js";
import { make } from "../kit/dom.js";

/**
 * @typedef {object} Choices  As Python's.
 * @property {number} pull
 * @property {number} push
 * @property {number} learning_rate
 * @property {number} stacks
 * @property {string} pooling
 * @property {string} targets
 * @property {string[]} kinds
 * @property {number} most_shapes
 */

/** @type {[string, string][]} */
const POOLING = [
  ["corner", "on"],
  ["none", "off"],
];
/** @type {[string, string][]} */
const TARGETS = [
  ["object", "Gaussian"],
  ["none", "one-hot: 1 at the corner, 0 elsewhere"],
];
/** @type {[string, string][]} */
const STACKS = [
  ["1", "1"],
  ["2", "2"],
];
const WEIGHTS = [0, 0.5, 1, 2, 5];
const RATES = [0.0003, 0.001, 0.003, 0.01, 0.03];

/** @typedef {(patch: Partial<Choices>) => void} Set */

/**
 * Make the form.
 * @param {{defaults: Choices, kinds: string[]}} offered
 * @param {() => void} onAdjust  Called when something changed that counts at once.
 */
export function makeForm({ defaults, kinds }, onAdjust) {
  const chosen = { ...defaults };
  /** @type {Set} */
  const set = (patch) => Object.assign(chosen, patch);
  /** @type {Set} */
  const adjust = (patch) => {
    set(patch);
    onAdjust();
  };
  const element = make("div", { class: "cn-learn-form" }, atOnce(defaults, adjust), later(defaults, kinds, set));
  return { element, read: () => ({ ...chosen }) };
}

/** @param {Choices} defaults @param {Set} adjust */
function atOnce({ pull, push, learning_rate }, adjust) {
  return make(
    "div",
    { class: "cn-row" },
    make("strong", {}, "At once:"),
    field("Pull weight", WEIGHTS, pull, (value) => adjust({ pull: value })),
    field("Push weight", WEIGHTS, push, (value) => adjust({ push: value })),
    field("Learning rate", RATES, learning_rate, (value) => adjust({ learning_rate: value })),
  );
}

/** @param {Choices} defaults @param {string[]} kinds @param {Set} set */
function later(defaults, kinds, set) {
  return make(
    "div",
    { class: "cn-row" },
    make("strong", {}, "From the next start or reset:"),
    choice("Corner pooling", POOLING, defaults.pooling, (pooling) => set({ pooling })),
    choice("Targets", TARGETS, defaults.targets, (targets) => set({ targets })),
    choice("Hourglasses", STACKS, String(defaults.stacks), (stacks) => set({ stacks: Number(stacks) })),
    field("Shapes in a scene, at most", [1, 2, 3, 4, 5, 6], defaults.most_shapes, (n) => set({ most_shapes: n })),
    kindBoxes(kinds, defaults.kinds, (some) => set({ kinds: some })),
  );
}

/**
 * @param {string} words
 * @param {number[]} values
 * @param {number} value
 * @param {(value: number) => void} onChange
 */
function field(words, values, value, onChange) {
  const options = values.map((one) => make("option", { value: one, selected: one === value }, String(one)));
  const select = /** @type {HTMLSelectElement} */ (make("select", {}, ...options));
  select.addEventListener("change", () => onChange(Number(select.value)));
  return make("label", { class: "cn-field" }, words, select);
}

/**
 * @param {string} legend
 * @param {[string, string][]} options
 * @param {string} value
 * @param {(value: string) => void} onChange
 */
function choice(legend, options, value, onChange) {
  const made = makeChoice(legend, options, onChange);
  made.show(value);
  return made.element;
}

/** @param {string[]} kinds @param {string[]} first @param {(kinds: string[]) => void} onChange */
function kindBoxes(kinds, first, onChange) {
  const inputs = kinds.map((kind) => {
    const attributes = { type: "checkbox", value: kind, checked: first.includes(kind) };
    return /** @type {HTMLInputElement} */ (make("input", attributes));
  });
  const labels = inputs.map((input) => make("label", {}, input, input.value));
  const element = make("fieldset", { class: "cn-choice" }, make("legend", {}, "Kinds"), ...labels);
  element.addEventListener("change", (event) => {
    const some = inputs.filter((input) => input.checked);
    if (some.length === 0) /** @type {HTMLInputElement} */ (event.target).checked = true; // one stays
    onChange(inputs.filter((input) => input.checked).map((input) => input.value));
  });
  return element;
}
