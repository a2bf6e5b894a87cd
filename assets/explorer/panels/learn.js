/** A network that is seen learning: it trains on the server, and the page asks once a second. */
import { make, setText } from "../kit/dom.js";
import { mountPanels } from "../kit/mount.js";
import { createBoxes } from "./boxes.js";
import { createHeatmap } from "./heatmap.js";
import { makeForm } from "./learn-choices.js";
import { createCurves } from "./learn-curves.js";
import { createTrueLine } from "./learn-line.js";
import { payloadOf } from "./learn-payload.js";
import { createScenes } from "./learn-scenes.js";

/** @typedef {import("./learn-payload.js").View} View */

const EVERY = 1000; // milliseconds between questions

/** There is nobody else to ask, and no address to keep. @type {import("../kit/mount.js").Host} */
const ALONE = { ask: null, go: null, exportPage: null, openTab: null, changeModel: null, ownsAddress: false };

/**
 * @typedef {object} Live
 * @property {(question: object) => Promise<any>} learn  Ask the server.
 * @property {View} view
 * @property {ReturnType<typeof makeParts>} parts
 * @property {ReturnType<typeof makeForm>} form
 * @property {ReturnType<typeof mountPanels>} explorer
 * @property {HTMLElement} root
 * @property {string} state
 */

/**
 * Put the tab into an element.
 * @param {HTMLElement} root
 * @param {(question: object) => Promise<any>} learn
 */
export async function mountLearn(root, learn) {
  const { choices } = await learn({ question: "open" });
  const order = (/** @type {string} */ command) => ask(live, { question: "order", command });
  const begin = () => {
    forget(live.view);
    ask(live, { question: "begin", choices: form.read() });
  };
  const parts = makeParts({ begin, order, toggle: () => order(live.state === "going" ? "pause" : "go") });
  const form = makeForm(choices, () => ask(live, { question: "adjust", choices: form.read() }));
  root.classList.add("cn-explorer");
  root.replaceChildren(parts.bar, form.element, parts.place);
  /** @type {View} */
  const view = { base: null, facts: [], moment: null, points: [], scene: 0, turn: 0 };
  const explorer = mountPanels(
    parts.place,
    ALONE,
    layoutOf(view, () => draw(live)),
  );
  /** @type {Live} */
  const live = { learn, view, parts, form, explorer, root, state: "none" };
  arrange(live, "");
  setInterval(() => root.offsetParent !== null && ask(live, { question: "look" }), EVERY);
}

/** @param {View} view @param {() => void} redraw @returns {import("../kit/mount.js").Layout} */
function layoutOf(view, redraw) {
  return {
    rows: () => [],
    enlargeable: ["learnTopLeft", "learnBottomRight"],
    panels: [
      ["learnScenes", "first", () => createScenes(view, redraw)],
      ["learnBoxes", "first", createBoxes],
      ["learnTopLeft", "first", (app) => createHeatmap(app, "topLeft")],
      ["learnBottomRight", "first", (app) => createHeatmap(app, "bottomRight")],
      ["learnLine", "half", () => createTrueLine(view, redraw)],
      ["learnCurves", "half", () => createCurves(view, redraw)],
    ],
  };
}

/** @param {{begin: () => void, order: (command: string) => void, toggle: () => void}} actions */
function makeParts({ begin, order, toggle }) {
  const startButton = button("Start training", begin);
  const goButton = button("Pause", toggle);
  const stepButton = button("Step", () => order("step"));
  const resetButton = button("Reset", begin);
  const status = make("span", { class: "cn-learn-status", role: "status" });
  const figures = make("span", { class: "cn-learn-figures" });
  const look = { class: "cn-toolbar", role: "toolbar", "aria-label": "Training" };
  const bar = make("div", look, startButton, goButton, stepButton, resetButton, status, figures);
  const place = make("div", { class: "cn-learn-place", hidden: true });
  return { startButton, goButton, stepButton, resetButton, status, figures, bar, place };
}

/** Ask, and show what is new. @param {Live} live  Is changed. @param {object} question */
async function ask(live, question) {
  const { view } = live;
  const turn = view.turn;
  const answer = await live.learn({ ...question, last: view.moment?.steps ?? -1, known: view.points.length });
  if (turn !== view.turn) return; // another training was begun meanwhile
  if (answer.error) return arrange(live, answer.error);
  live.state = answer.state;
  if (answer.base) Object.assign(view, { base: answer.base, facts: answer.facts });
  view.points.push(...(answer.points ?? []).filter((/** @type {any} */ one) => one.steps > lastStep(view)));
  if (answer.moment && view.base) view.moment = answer.moment;
  arrange(live, wordsOf(answer));
  if (answer.moment && view.base) draw(live);
}

/** @param {View} view */
function lastStep({ points }) {
  return points[points.length - 1]?.steps ?? -1;
}

/** @param {any} answer */
function wordsOf({ state, words, secondsLeft }) {
  const minutes = Math.ceil((secondsLeft ?? 0) / 60);
  const left = `at most ${minutes} more minute${minutes === 1 ? "" : "s"}`;
  const known = {
    none: "Nothing is trained yet. It begins with random weights, on scenes drawn as it goes.",
    starting: "The network is made; its first steps come in a few seconds.",
    going: `Training, ${left}.`,
    paused: `Paused, ${left}: Step trains on one batch of 16 scenes.`,
  };
  return words || known[/** @type {keyof typeof known} */ (state)] || "";
}

/** @param {View} view  Is changed. */
function forget(view) {
  Object.assign(view, { moment: null, points: [], turn: view.turn + 1 });
}

/** Allow what can be done now. @param {Live} live @param {string} words */
function arrange({ parts, view, state }, words) {
  const isOn = state === "going" || state === "paused";
  parts.startButton.hidden = isOn || state === "starting";
  parts.goButton.disabled = parts.stepButton.disabled = !isOn;
  parts.resetButton.disabled = !isOn;
  setText(parts.goButton, state === "paused" ? "Go on" : "Pause");
  setText(parts.status, words);
  setText(parts.figures, figuresOf(view.moment));
  parts.place.hidden = view.moment === null && view.base === null;
}

/** @param {View["moment"]} moment */
function figuresOf(moment) {
  if (!moment) return "";
  const rate = moment.seconds > 0 ? `${(moment.steps / moment.seconds).toFixed(1)} a second` : "";
  const score = moment.ap50 === null ? "not measured yet" : moment.ap50.toFixed(2);
  return [`Step ${moment.steps}`, rate, `AP50 ${score}`].filter(Boolean).join(" · ");
}

/** @param {Live} live */
async function draw({ view, explorer }) {
  const payload = payloadOf(view, view.scene);
  if (payload) await explorer.show(payload);
}

/** @param {string} words @param {() => void} onClick */
function button(words, onClick) {
  return /** @type {HTMLButtonElement} */ (
    make("button", { type: "button", class: "cn-button", onclick: onClick }, words)
  );
}
