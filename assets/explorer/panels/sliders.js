/** The thresholds, at the screen's lower edge: each change decides again, here in the browser. */
import { make } from "../kit/dom.js";
import { asSet } from "../twins/numbers.js";
import { isOnOffer } from "../kit/view-url.js";
import { makeDock } from "./dock.js";
import { changedNames, resetThresholds } from "./own-thresholds.js";
import { SUPPRESSION } from "./terms.js";

/** @typedef {import("../types.js").App} App */
/** @typedef {import("../types.js").Range} Range */
/** @typedef {import("../types.js").Settings} Settings */

/** @param {App} app @returns {import("../types.js").Panel} */
export function createSliders(app) {
  /** @param {Partial<Settings>} settings */
  const change = (settings) => app.set({ settings: { ...app.state.settings, ...settings } });
  const kind = makeKind((nms) => change({ nms }));
  const reset = make("button", { type: "button", class: "cn-button cn-reset" }, "Reset thresholds");
  reset.addEventListener("click", () => resetThresholds(app));
  const dock = makeDock(app, reset);
  /** @type {ReturnType<typeof makeField>[]} */
  let fields = [];

  /** @param {App} _ @param {import("../types.js").Changes} changes */
  function draw(_, changes) {
    const { payload, state } = app;
    if (changes.payload) {
      fields = payload.ranges.map((range) => makeField(range, (value) => change({ [range.name]: value })));
      kind.offer(payload.vocabulary.nms);
      // What matters to some kinds only follows them.
      const isForAll = (/** @type {number} */ k) => payload.ranges[k].nms.length === payload.vocabulary.nms.length;
      const parts = (/** @type {boolean} */ all) => fields.filter((_, k) => isForAll(k) === all).map((f) => f.element);
      dock.main.replaceChildren(...parts(true));
      dock.rest.replaceChildren(kind.element, ...parts(false));
    }
    dock.draw();
    if (!changes.payload && !changes.decision) return;
    for (const field of fields) field.show(state.settings);
    kind.show(state.settings.nms);
    const isOwn = changedNames(state.settings, payload.settings).length === 0;
    reset.toggleAttribute("disabled", isOwn);
    reset.title = isOwn ? "These are the model's own thresholds." : "";
  }
  const caption = () => {
    const { settings } = app.state;
    return [...fields.map(({ words }) => words(settings)), `suppression: ${kind.words()}`].join(", ");
  };
  return { element: dock.element, draw, caption };
}

/** Make the choice of a kind of suppression. @param {(kind: Settings["nms"]) => void} onChange */
function makeKind(onChange) {
  const id = "cn-setting-nms";
  const select = /** @type {HTMLSelectElement} */ (make("select", { id, "aria-describedby": `${id}-hint` }));
  select.addEventListener("change", () => onChange(/** @type {Settings["nms"]} */ (select.value)));
  const label = make("label", { for: id }, "Suppression");
  const element = make("div", { class: "cn-setting", title: SUPPRESSION }, label, select, makeHint(id, SUPPRESSION));
  /** @param {Settings["nms"]} kind */
  function show(kind) {
    if (select.value !== kind) select.value = kind;
  }
  /** @param {import("../types.js").Vocabulary["nms"]} kinds */
  function offer(kinds) {
    select.replaceChildren(...kinds.map(({ name, words }) => make("option", { value: name }, words)));
  }
  return { element, show, offer, words: () => select.selectedOptions[0]?.textContent ?? "" };
}

/** Make what is said of a threshold while the keyboard is at it. @param {string} id @param {string} words */
function makeHint(id, words) {
  return make("span", { class: "cn-setting-hint", id: `${id}-hint` }, words);
}

/**
 * Make a slider with a number beside it.
 * @param {Range} range
 * @param {(value: number) => void} onChange
 * @param {string} [prefix]  Of ids, where a setting has two sliders on the page.
 */
export function makeField(range, onChange, prefix = "cn-setting") {
  const { name, label, hint, minimum, maximum, step } = range;
  const limits = { min: minimum, max: maximum, step };
  const id = `${prefix}-${name}`;
  const slider = /** @type {HTMLInputElement} */ (
    make("input", { type: "range", id, ...limits, "aria-describedby": `${id}-hint` })
  );
  const number = /** @type {HTMLInputElement} */ (
    make("input", { type: "number", "aria-label": `${label}, as a number`, inputmode: "decimal", ...limits })
  );
  let shown = NaN;
  slider.addEventListener("input", () => onChange(Number(slider.value)));
  number.addEventListener("input", () => {
    if (number.value !== "" && isOnOffer(Number(number.value), range)) onChange(Number(number.value));
  });
  number.addEventListener("change", () => (number.value = String(shown))); // take back what is not on offer
  const parts = [make("label", { for: id }, label), slider, number, makeHint(id, hint)];
  const element = make("div", { class: "cn-setting" }, ...parts);

  /** @param {Settings} settings */
  function show(settings) {
    shown = settings[name];
    slider.value = String(shown);
    slider.style.setProperty("--cn-share", `${(100 * (shown - minimum)) / (maximum - minimum)}%`);
    if (document.activeElement !== number || Number(number.value) !== shown) number.value = String(shown);
    const isUsed = range.nms.includes(settings.nms);
    for (const input of [slider, number]) input.disabled = !isUsed;
    element.classList.toggle("cn-unused", !isUsed);
    element.title = isUsed ? hint : "The chosen kind of suppression does not use it.";
  }
  /** @param {Settings} settings */
  const words = (settings) => `${label.toLowerCase()} ${asSet(settings[name])}`;
  return { name, element, show, words };
}
