/** A network that is seen learning: it trains on the server, and the page asks once a second. */
import { setText } from "../kit/dom.js";
import { mountPanels, NOBODY } from "../kit/mount.js";
import { createBriefBoxes } from "./boxes.js";
import { createHeatmap } from "./heatmap.js";
import { makeForm } from "./learn-choices.js";
import { createCurves } from "./learn-curves.js";
import { createTrueLine } from "./learn-line.js";
import { makeParts } from "./learn-parts.js";
import { payloadOf } from "./learn-payload.js";
import { mountReplay } from "./learn-replay.js";
import { createScenes } from "./learn-scenes.js";

/** @typedef {import("./learn-payload.js").View} View */
/** @typedef {import("./learn-parts.js").Shown} Shown */

const EVERY = 1000; // milliseconds between questions
const MEANWHILE =
  "Yours begins by itself then, as long as this tab is in sight; meanwhile, see the recorded training below.";

/**
 * @typedef {object} Live
 * @property {(question: object) => Promise<any>} learn  Ask the server.
 * @property {View} view
 * @property {ReturnType<typeof makeParts>} parts
 * @property {ReturnType<typeof makeForm>} form
 * @property {ReturnType<typeof mountPanels>} explorer
 * @property {HTMLElement} root
 * @property {string} state
 * @property {boolean} isWaiting  For a place.
 * @property {Promise<void> | null} asked  The request for a place that is on its way.
 * @property {Shown} shown  Below the choices.
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
    const asked = ask(live, { question: "begin", choices: form.read() }).finally(() => {
      if (live.asked === asked) live.asked = null;
    });
    live.asked = asked;
  };
  const restart = () => {
    if (live.isWaiting) return stopWaiting(live);
    forget(live.view);
    begin();
  };
  const toggle = () => order(live.state === "going" ? "pause" : "go");
  const parts = makeParts({ begin: restart, order, toggle, show: (what) => show(live, what) });
  const form = makeForm(choices, () => ask(live, { question: "adjust", choices: form.read() }));
  root.classList.add("cn-explorer");
  root.replaceChildren(parts.bar, form.element, parts.choice.element, parts.replay, parts.place);
  /** @type {View} */
  const view = { base: null, facts: [], moment: null, points: [], scene: 0, turn: 0 };
  const explorer = mountPanels(
    parts.place,
    NOBODY,
    layoutOf(view, () => draw(live)),
  );
  /** @type {Live} */
  const live = {
    learn,
    view,
    parts,
    form,
    explorer,
    root,
    state: "none",
    isWaiting: false,
    asked: null,
    shown: "replay",
  };
  arrange(live, "");
  mountReplay(parts.replay, learn);
  const look = () => (live.isWaiting ? (live.asked ?? begin()) : ask(live, { question: "look" }));
  setInterval(() => root.offsetParent !== null && look(), EVERY);
}

/** @param {View} view @param {() => void} redraw @returns {import("../kit/mount.js").Layout} */
function layoutOf(view, redraw) {
  return {
    rows: () => [],
    enlargeable: ["learnTopLeft", "learnBottomRight"],
    panels: [
      ["learnScenes", "first", () => createScenes(view, redraw)],
      ["learnBoxes", "first", createBriefBoxes],
      ["learnTopLeft", "first", (app) => createHeatmap(app, "topLeft")],
      ["learnBottomRight", "first", (app) => createHeatmap(app, "bottomRight")],
      ["learnLine", "half", () => createTrueLine(view, redraw)],
      ["learnCurves", "half", () => createCurves(view, redraw)],
    ],
  };
}

/** Ask, and show what is new. @param {Live} live  Is changed. @param {Record<string, any>} question */
async function ask(live, question) {
  const { view } = live;
  const turn = view.turn;
  const answer = await live.learn({ ...question, last: view.moment?.steps ?? -1, known: view.points.length });
  if (turn !== view.turn) return; // another training was begun meanwhile
  if (question.question === "begin") live.isWaiting = Boolean(answer.isFull);
  if (answer.isFull) live.shown = "replay";
  if (answer.error) return arrange(live, answer.isFull ? `${answer.error} ${MEANWHILE}` : answer.error);
  live.state = answer.state;
  if (answer.base) Object.assign(view, { base: answer.base, facts: answer.facts });
  view.points.push(...(answer.points ?? []).filter((/** @type {any} */ one) => one.steps > lastStep(view)));
  if (answer.moment && view.base) {
    if (view.moment === null) live.shown = "live";
    view.moment = answer.moment;
  }
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
function arrange({ parts, view, state, isWaiting, shown }, words) {
  const isOn = state === "going" || state === "paused";
  parts.startButton.hidden = isOn || state === "starting";
  parts.goButton.disabled = parts.stepButton.disabled = !isOn;
  parts.resetButton.disabled = !isOn;
  setText(parts.goButton, state === "paused" ? "Go on" : "Pause");
  setText(parts.status, words);
  setText(parts.figures, figuresOf(view.moment));
  setText(parts.startButton, isWaiting ? "Stop waiting" : "Start training");
  parts.choice.element.hidden = view.base === null;
  parts.choice.show(shown);
  parts.replay.hidden = shown !== "replay";
  parts.place.hidden = shown !== "live";
}

/** @param {Live} live  Is changed. */
async function stopWaiting(live) {
  const { view, learn } = live;
  live.isWaiting = false;
  forget(view); // what was asked already is dropped
  arrange(live, "");
  const { turn } = view;
  await live.asked; // it may have found a place at this very moment
  if (turn === view.turn) await learn({ question: "leave" });
}

/** @param {Live} live  Is changed. @param {Shown} what */
function show(live, what) {
  live.shown = what;
  arrange(live, live.parts.status.textContent ?? "");
  if (what === "live") draw(live);
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
