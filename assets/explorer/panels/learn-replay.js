/** A recorded training, played back: the panels of the live one at a dozen moments or so. */
import { make, setRich, setText } from "../kit/dom.js";
import { mountPanels, NOBODY } from "../kit/mount.js";
import { makePlayer } from "../kit/player.js";
import { createBriefBoxes } from "./boxes.js";
import { createHeatmap } from "./heatmap.js";
import { createCurves } from "./learn-curves.js";
import { createTrueLine } from "./learn-line.js";
import { payloadOf } from "./learn-payload.js";
import { createScenes } from "./learn-scenes.js";

/** @typedef {import("./learn-payload.js").View} View */
/** @typedef {import("./learn-payload.js").Moment} Moment */
/** @typedef {import("./learn-payload.js").Point} Point */

const NEAR = "3000px"; // any place of an open tab: on a phone the replay begins below what is seen
const MILLISECONDS = 1100; // that a moment stays while it plays

/**
 * @typedef {object} Replay
 * @property {{preset: string, parameters: number, batchSize: number, device: string, measured: number}} run
 * @property {any} base
 * @property {View["facts"]} facts
 * @property {Point[]} points
 * @property {Moment[]} moments
 * @property {{from: number, title: string, text: string}[]} remarks  What to look for from a step on.
 */

/**
 * Put the replay into an element once its tab is open.
 * @param {HTMLElement} root
 * @param {(question: object) => Promise<any>} learn
 */
export function mountReplay(root, learn) {
  root.append(make("p", { class: "cn-learn-remark" }, "The recorded training comes in a moment."));
  /** @param {IntersectionObserverEntry[]} entries */
  async function come([{ isIntersecting }]) {
    if (!isIntersecting) return;
    observer.disconnect();
    const replay = await learn({ question: "replay" });
    if (replay.error) root.replaceChildren(make("p", {}, replay.error));
    else fill(root, replay);
  }
  const observer = new IntersectionObserver(come, { rootMargin: NEAR });
  observer.observe(root);
}

/** @param {HTMLElement} root @param {Replay} replay */
function fill(root, replay) {
  const { base, facts, moments, points } = replay;
  const curves = [...points, ...moments].sort((a, b) => a.steps - b.steps);
  /** @type {View} */
  const view = { base, facts, moment: null, points: curves, scene: 0, turn: -1 };
  const words = (/** @type {number} */ k) => `Step ${moments[k].steps} of ${moments[moments.length - 1].steps}`;
  const duration = MILLISECONDS * (moments.length - 1);
  const player = makePlayer(change, { label: "Moment of the training", duration, words });
  const figures = make("span", { class: "cn-replay-figures" });
  const title = make("strong", {});
  const text = make("span", {});
  const place = make("div", { class: "cn-learn-place" });
  root.replaceChildren(
    make("h3", { class: "cn-title" }, "A recorded training"),
    make("p", {}, runOf(replay)),
    make("div", { class: "cn-row cn-learn-player" }, player.element, figures),
    make("p", { class: "cn-learn-remark", "aria-live": "polite" }, title, " ", text),
    place,
  );
  const explorer = mountPanels(place, NOBODY, layoutOf(view, draw));
  /** Show the moment that the player is at. */
  function change() {
    const at = player.progress(moments.length - 1);
    if (view.moment === moments[at]) return;
    view.moment = moments[at];
    setText(figures, `${words(at)} · ${figuresOf(moments[at])}`);
    const remark = remarkAt(replay, moments[at].steps);
    setText(title, remark ? `${remark.title}.` : "");
    setRich(text, remark?.text ?? "");
    draw();
  }
  function draw() {
    const payload = payloadOf(view, view.scene);
    if (payload) explorer.show(payload);
  }
  change();
}

/** @param {View} view @param {() => void} redraw @returns {import("../kit/mount.js").Layout} */
function layoutOf(view, redraw) {
  return {
    rows: () => [],
    enlargeable: ["replayTopLeft", "replayBottomRight"],
    panels: [
      ["replayScenes", "first", () => createScenes(view, redraw)],
      ["replayBoxes", "first", createBriefBoxes],
      ["replayTopLeft", "first", (app) => createHeatmap(app, "topLeft")],
      ["replayBottomRight", "first", (app) => createHeatmap(app, "bottomRight")],
      ["replayLine", "half", () => createTrueLine(view, redraw)],
      ["replayCurves", "half", () => createCurves(view, redraw, true)],
    ],
  };
}

/** @param {Replay} replay */
function runOf({ run, moments }) {
  const { steps, seconds, ap50 } = moments[moments.length - 1];
  const minutes = Math.max(1, Math.round(seconds / 60));
  return (
    `The network of ${run.preset} (${run.parameters.toLocaleString("en")} parameters) from random ` +
    `weights, ${steps} steps of ${run.batchSize} scenes in ${minutes} minutes on a ${run.device}. ` +
    `AP50 at its end: ${ap50?.toFixed(2) ?? "not measured"}, on ${run.measured} scenes that it never trained on. ` +
    "The weights that ship with this page were trained for longer."
  );
}

/** @param {Moment} moment */
function figuresOf({ seconds, ap50 }) {
  const time = seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
  return `${time} · AP50 ${ap50?.toFixed(2) ?? "not measured"}`;
}

/** @param {Replay} replay @param {number} step */
function remarkAt({ remarks }, step) {
  return [...remarks].sort((a, b) => b.from - a.from).find((remark) => remark.from <= step);
}
