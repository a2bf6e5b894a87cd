/** The stop of the tour that one is at: its text, its question, what to move, and the way on. */
import { make, setRich, setText } from "../kit/dom.js";
import { makeField } from "./sliders.js";
import { summary } from "./summary.js";

/** @typedef {import("../types.js").App} App */
/** @typedef {import("../types.js").Stop} Stop */

/**
 * @param {App} app
 * @param {{openTab: ((tab: string) => void) | null}} host
 */
export function createTour(app, host) {
  const place = make("span", { class: "cn-place" });
  const title = make("h3", { "aria-live": "polite" });
  const paragraphs = make("div", {});
  const question = make("p", { class: "cn-tour-question" });
  const answer = make("p", { class: "cn-tour-answer" });
  const source = make("p", { class: "cn-source" });
  const setting = make("div", { class: "cn-tour-setting" });
  const back = button("Back", () => visit(now() - 1));
  const next = button("Next stop", () => visit(now() + 1));
  const tab = button("", () => host.openTab?.(app.payload.tour[now()].tab ?? ""));
  const fold = button("Fold", toggle);
  const leave = button("Leave the tour", () => app.set({ stop: null, predict: false, settings: app.payload.settings }));
  const ways = make(
    "div",
    { class: "cn-tour-ways" },
    back,
    next,
    place,
    button("Set the view again", () => visit(now())),
    tab,
    fold,
    leave,
  );
  const text = make("div", { class: "cn-tour-text" }, paragraphs, question, answer, source);
  const element = make(
    "section",
    { class: "cn-tour", "aria-label": "Guided tour", hidden: true },
    ways,
    title,
    setting,
    text,
  );
  /** @type {{field: ReturnType<typeof makeField>, count: HTMLElement} | null} */
  let moved = null;

  /** @param {App} _ @param {import("../types.js").Changes} changes */
  function draw(_, changes) {
    const index = now();
    element.hidden = index < 0;
    if (index < 0) return;
    const stop = app.payload.tour[index];
    if (element.dataset.stop !== stop.id) show(stop, index);
    if (moved && (changes.decision || changes.payload)) {
      moved.field.show(app.state.settings);
      setText(moved.count, summary(app.payload, app.decision));
    }
  }
  /** @param {Stop} stop @param {number} index */
  function show(stop, index) {
    element.dataset.stop = stop.id;
    text.scrollTop = 0;
    setText(place, `Stop ${index + 1} of ${app.payload.tour.length}`);
    setText(title, stop.title);
    paragraphs.replaceChildren(...stop.paragraphs.map((words) => rich(words)));
    setRich(question, `**Question:** ${stop.question}`);
    setRich(answer, `**Look:** ${stop.answer}`);
    setText(source, stop.source);
    back.toggleAttribute("disabled", index === 0);
    next.toggleAttribute("disabled", index === app.payload.tour.length - 1);
    tab.hidden = !stop.tab || !host.openTab;
    setText(tab, `Open the tab ${stop.tab === "truth" ? "Truth" : "What if?"}`);
    moved = makeMoved(stop);
  }
  /** Lay the threshold that the stop speaks of beside its text. @param {Stop} stop */
  function makeMoved(stop) {
    const range = app.payload.ranges.find((one) => one.name === stop.setting);
    setting.hidden = !range;
    if (!range) return null;
    const field = makeField(
      range,
      (value) => app.set({ settings: { ...app.state.settings, [range.name]: value } }),
      "cn-tour",
    );
    const count = make("span", { class: "cn-soft" }, summary(app.payload, app.decision));
    setting.replaceChildren(field.element, count);
    field.show(app.state.settings);
    return { field, count };
  }
  function toggle() {
    const isFolded = element.classList.toggle("cn-folded");
    setText(fold, isFolded ? "Unfold" : "Fold");
  }
  function now() {
    return app.payload.tour.findIndex((stop) => stop.id === app.state.stop);
  }
  /** @param {number} index */
  function visit(index) {
    const stop = app.payload.tour[index];
    if (stop) app.go(`${stop.view}&stop=${stop.id}&panel=${stop.panel}`);
  }
  return { element, draw };
}

/** @param {string} words @param {() => void} onclick */
function button(words, onclick) {
  return make("button", { type: "button", class: "cn-button", onclick }, words);
}

/** @param {string} words */
function rich(words) {
  const paragraph = make("p");
  setRich(paragraph, words);
  return paragraph;
}
