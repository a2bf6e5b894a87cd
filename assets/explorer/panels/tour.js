/** The stop of the tour that one is at: its text, its question, what to move, and the way on. */
import { leaveTour } from "../kit/before.js";
import { make, setRich, setText } from "../kit/dom.js";
import { forHands } from "../kit/hands.js";
import { makeField } from "./sliders.js";
import { summary } from "./summary.js";

/** @typedef {import("../types.js").App} App */
/** @typedef {import("../types.js").Stop} Stop */

/** @typedef {{openTab: ((tab: string) => void) | null}} Host */
/** @typedef {ReturnType<typeof makeParts>} Parts */
/** @typedef {{field: ReturnType<typeof makeField>, count: HTMLElement}} Moved  The threshold beside the text. */

/**
 * @param {App} app
 * @param {Host} host
 */
export function createTour(app, host) {
  const parts = makeParts(app, host);
  const { element } = parts;
  /** @type {Moved | null} */
  let moved = null;

  /** @param {App} _ @param {import("../types.js").Changes} changes */
  function draw(_, changes) {
    const index = indexOf(app);
    element.hidden = index < 0;
    if (index < 0) return;
    const stop = app.payload.tour[index];
    if (element.dataset.stop !== stop.id) {
      show(app.payload, index, parts);
      parts.tab.hidden = !stop.tab || !host.openTab;
      moved = makeMoved(app, stop, parts.setting);
    }
    if (moved && (changes.decision || changes.payload)) {
      moved.field.show(app.state.settings);
      setText(moved.count, summary(app.payload, app.decision));
    }
  }
  return { element, draw };
}

/** @param {App} app @param {Host} host */
function makeParts(app, host) {
  const visitBy = (/** @type {number} */ by) => visit(app, indexOf(app) + by);
  const place = make("span", { class: "cn-place" });
  const title = make("h3", { "aria-live": "polite" });
  const paragraphs = make("div", {});
  const question = make("p", { class: "cn-tour-question" });
  const answer = make("p", { class: "cn-tour-answer", id: "cn-tour-answer", hidden: true });
  const think = button("", () => open(answer.hasAttribute("hidden")));
  think.setAttribute("aria-controls", answer.id);
  const source = make("p", { class: "cn-source" });
  const setting = make("div", { class: "cn-tour-setting" });
  const back = button("Back", () => visitBy(-1));
  const next = button("Next stop", () => visitBy(1));
  const again = button("Set the view again", () => visitBy(0));
  const tab = button("", () => host.openTab?.(app.payload.tour[indexOf(app)].tab ?? ""));
  const fold = button("Fold", () => setText(fold, element.classList.toggle("cn-folded") ? "Unfold" : "Fold"));
  const leave = button("Leave the tour", () => leaveTour(app));
  const ways = make("div", { class: "cn-tour-ways" }, back, next, fold, leave);
  const head = make("div", { class: "cn-tour-head" }, title, place);
  const more = make("div", { class: "cn-tour-ways" }, again, tab);
  const text = make("div", { class: "cn-tour-text" }, paragraphs, question, think, answer, source, more);
  const look = { class: "cn-tour", "aria-label": "Guided tour", hidden: true };
  const element = make("section", look, ways, head, setting, text);

  /** @param {boolean} isOpen */
  function open(isOpen) {
    answer.hidden = !isOpen;
    setText(think, isOpen ? "Hide the answer" : "Show the answer");
    think.setAttribute("aria-expanded", String(isOpen));
  }
  return { element, place, title, paragraphs, question, answer, source, setting, back, next, tab, text, open };
}

/** Which stop one is at; -1 for none. @param {App} app */
function indexOf({ payload, state }) {
  return payload.tour.findIndex((stop) => stop.id === state.stop);
}

/** Go to a stop, if there is one. @param {App} app @param {number} index */
export function visit(app, index) {
  const stop = app.payload.tour[index];
  if (stop) app.go(`${stop.view}&stop=${stop.id}&panel=${stop.panel}`);
}

/** @param {import("../types.js").Payload} payload @param {number} index @param {Parts} parts */
function show({ tour, vocabulary }, index, parts) {
  const stop = tour[index];
  parts.element.dataset.stop = stop.id;
  parts.text.scrollTop = 0;
  setText(parts.place, `Stop ${index + 1} of ${tour.length}`);
  setText(parts.title, stop.title);
  parts.paragraphs.replaceChildren(...stop.paragraphs.map((words) => rich(words)));
  setRich(parts.question, `**Question:** ${forHands(stop.question)}`);
  setRich(parts.answer, `**Look:** ${forHands(stop.answer)}`);
  parts.open(false); // after a thought
  setText(parts.source, stop.source);
  parts.back.toggleAttribute("disabled", index === 0);
  parts.next.toggleAttribute("disabled", index === tour.length - 1);
  const tab = vocabulary.tabs.find(({ name }) => name === stop.tab);
  setText(parts.tab, tab ? `Open the tab ${tab.title}` : "");
}

/**
 * Lay the threshold that a stop speaks of beside its text.
 * @param {App} app
 * @param {Stop} stop
 * @param {HTMLElement} setting
 * @returns {Moved | null}
 */
function makeMoved(app, stop, setting) {
  const range = app.payload.ranges.find((one) => one.name === stop.setting);
  setting.hidden = !range;
  if (!range) return null;
  const change = (/** @type {number} */ value) => app.set({ settings: { ...app.state.settings, [range.name]: value } });
  const field = makeField(range, change, "cn-tour");
  const count = make("span", { class: "cn-soft" }, summary(app.payload, app.decision));
  setting.replaceChildren(field.element, count);
  field.show(app.state.settings);
  return { field, count };
}

/** @param {string} words @param {() => void} onclick */
function button(words, onclick) {
  return make("button", { type: "button", class: "cn-button", onclick }, words);
}

/** @param {string} words */
function rich(words) {
  const paragraph = make("p");
  setRich(paragraph, forHands(words));
  return paragraph;
}
