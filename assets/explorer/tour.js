/** The stop of the tour that one is at: its text, its question, and the way on. */
import { make, setRich, setText } from "./dom.js";

/** @typedef {import("./types.js").App} App */

/** @param {App} app */
export function createTour(app) {
  const place = make("span", { class: "cn-place" });
  const title = make("h3", {});
  const paragraphs = make("div", {});
  const question = make("p", { class: "cn-tour-question" });
  const answer = make("p", { class: "cn-tour-answer" });
  const source = make("p", { class: "cn-source" });
  const step = (/** @type {string} */ words, /** @type {() => void} */ onclick) => make("button", { type: "button", class: "cn-button", onclick }, words);
  const back = step("Back", () => move(-1));
  const next = step("Next stop", () => move(1));
  const again = step("Set the view again", () => visit(now()));
  const leave = step("Leave the tour", () => app.set({ stop: null }));
  const head = make("div", { class: "cn-tour-head" }, title, place, back, next, again, leave);
  const element = make("section", { class: "cn-tour", "aria-label": "Guided tour", hidden: true }, head, paragraphs, question, answer, source);

  /** @param {App} _ @param {import("./types.js").Changes} __ */
  function draw(_, __) {
    const index = now();
    element.hidden = index < 0;
    if (index < 0) return;
    const stop = app.payload.tour[index];
    if (element.dataset.stop === stop.id) return;
    element.dataset.stop = stop.id;
    element.scrollTop = 0;
    setText(place, `Stop ${index + 1} of ${app.payload.tour.length}`);
    setText(title, stop.title);
    paragraphs.replaceChildren(...stop.paragraphs.map((words) => { const p = make("p"); setRich(p, words); return p; }));
    setRich(question, `**Question:** ${stop.question}`);
    setRich(answer, `**Look:** ${stop.answer}`);
    setText(source, stop.source);
    back.toggleAttribute("disabled", index === 0);
    next.toggleAttribute("disabled", index === app.payload.tour.length - 1);
  }
  function now() {
    return app.payload.tour.findIndex((stop) => stop.id === app.state.stop);
  }
  /** @param {number} by */
  function move(by) {
    visit(now() + by);
  }
  /** @param {number} index */
  function visit(index) {
    const stop = app.payload.tour[index];
    if (stop) app.go(`${stop.view}&stop=${stop.id}&panel=${stop.panel}`);
  }
  return { element, draw };
}
