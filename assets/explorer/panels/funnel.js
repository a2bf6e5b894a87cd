/** How many are left after each step; a step's button shows beside it, and on the maps, what fell out there. */
import { forHands } from "../kit/hands.js";
import { make, setText } from "../kit/dom.js";
import { fallenAt } from "../twins/fallen.js";
import { counted } from "../twins/numbers.js";
import { makeSmallPicture } from "./small-picture.js";

/** @typedef {import("../types.js").App} App */

const PICTURE = 260; // CSS pixels

/** @param {App} app @returns {import("../types.js").Panel} */
export function createFunnel(app) {
  const list = make("ol", { class: "cn-funnel" });
  const note = make("figcaption", { class: "cn-funnel-note", "aria-live": "polite" });
  const picture = makeSmallPicture(app, PICTURE);
  const shown = make("figure", { class: "cn-fallen" }, picture.element, note);
  const element = make("div", {}, list, shown);
  /** @type {ReturnType<typeof makeStep>[]} */
  let steps = [];

  /** @param {App} _ @param {import("../types.js").Changes} changes */
  function draw(_, changes) {
    const { funnel } = app.decision;
    if (steps.length !== funnel.length) {
      steps = funnel.map(({ name }) => makeStep(() => app.set({ fallen: app.state.fallen === name ? null : name })));
      list.replaceChildren(...steps.map((step) => step.element));
    }
    if (changes.payload || changes.decision) {
      const most = Math.log1p(Math.max(...funnel.map((step) => step.count)));
      funnel.forEach((step, k) => {
        const lost = fallenAtCount(funnel, k);
        steps[k].show(step, most > 0 ? Math.log1p(step.count) / most : 0, lost);
      });
    }
    funnel.forEach((step, k) => steps[k].press(step.name === app.state.fallen));
    picture.draw();
    setText(note, noteOf(app));
  }
  const caption = () =>
    app.decision.funnel.map((step) => `${step.label.toLowerCase()} ${countWords(step)}`).join(" → ");
  return { element, draw, caption };
}

/**
 * Count what a step drops; null where another kind of thing is counted from there on, or not all is known.
 * @param {import("../types.js").FunnelStep[]} funnel
 * @param {number} k
 */
function fallenAtCount(funnel, k) {
  if (k === 0 || funnel[k].name === "pairs" || funnel[k].isLeast || funnel[k - 1].isLeast) return null;
  return funnel[k - 1].count - funnel[k].count;
}

/** @param {import("../types.js").FunnelStep} step */
function countWords({ count, isLeast }) {
  return `${isLeast ? "≥ " : ""}${counted(count)}`;
}

/** @param {App} app */
function noteOf(app) {
  const { fallen } = app.state;
  const step = app.decision.funnel.find((one) => one.name === fallen);
  if (!step) return forHands("Click a step, and what fell out there shows here. Bars are on a logarithmic scale.");
  const { count, pairs, corners } = fallenAt(app.payload, app.decision, fallen);
  const listed = pairs.length + corners.topLeft.length + corners.bottomRight.length;
  if (count === 0) return `${step.label}: nothing fell out here.`;
  const shown = listed < count ? `; the best ${counted(listed)} are shown` : "";
  return `${step.label}: ${counted(count)} fell out here${shown}. ${forHands("Click again to hide them.")}`;
}

/** @param {() => void} onClick */
function makeStep(onClick) {
  const label = make("span", { class: "cn-funnel-label" });
  const fill = make("span", { class: "cn-funnel-fill" });
  const count = make("span", { class: "cn-funnel-count" });
  const lost = make("span", { class: "cn-funnel-lost cn-soft" });
  const track = make("span", { class: "cn-funnel-track", "aria-hidden": "true" }, fill);
  const button = make(
    "button",
    { type: "button", class: "cn-funnel-step", "aria-pressed": "false", onclick: onClick },
    label,
    track,
    count,
    lost,
  );
  const element = make("li", {}, button);

  /** @param {import("../types.js").FunnelStep} step @param {number} share @param {number | null} fallen */
  function show(step, share, fallen) {
    setText(label, step.label);
    setText(count, countWords(step));
    setText(lost, fallen === null || fallen === 0 ? "" : `−${counted(fallen)}`);
    // Nothing falls where nothing is dropped by a rule: all cells, and corners becoming pairs.
    button.toggleAttribute("disabled", fallen === null);
    button.title = fallen === null ? "Nothing falls out at this step." : "";
    fill.style.width = `${100 * share}%`;
  }
  /** @param {boolean} isPressed */
  function press(isPressed) {
    button.setAttribute("aria-pressed", String(isPressed));
  }
  return { element, show, press };
}
