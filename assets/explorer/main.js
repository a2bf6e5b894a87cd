/** The explorer: one payload in, many linked panels out. */
import { createBoxes } from "./panels/boxes.js";
import { idsOf, whereabouts } from "./kit/chosen.js";
import { decide } from "./twins/decide.js";
import { forgetTheme, make } from "./kit/dom.js";
import { listenToEscape } from "./kit/escape.js";
import { createEvidence } from "./panels/evidence.js";
import { createFeatures } from "./panels/features.js";
import { createFunnel } from "./panels/funnel.js";
import { createHeatmap } from "./panels/heatmap.js";
import { createHint } from "./panels/hint.js";
import { createLens } from "./panels/lens.js";
import { createLine } from "./panels/line.js";
import { queryOf } from "./kit/link.js";
import { loadPicture, readAtlas } from "./kit/maps.js";
import { createMatrix } from "./panels/matrix.js";
import { createPooling } from "./panels/pooling.js";
import { createPredict } from "./panels/predict.js";
import { createRibbon } from "./panels/ribbon.js";
import { makeSections } from "./kit/sections.js";
import { createShiftStrip } from "./panels/shift.js";
import { createSliders } from "./panels/sliders.js";
import { NOWHERE, freshState, sameFocus, wholeFocus } from "./kit/store.js";
import { createKnows, createNote, createSummary } from "./panels/summary.js";
import { createSuppression } from "./panels/suppression.js";
import { createTable } from "./panels/table.js";
import { createToolbar } from "./panels/toolbar.js";
import { createTour } from "./panels/tour.js";
import { readView } from "./kit/view-url.js";
import { createWhy } from "./panels/why.js";

/** @typedef {import("./types.js").App} App */
/** @typedef {import("./types.js").Payload} Payload */

const ADDRESS_DELAY = 250; // milliseconds; browsers refuse an address that changes at every move

/** Panels in reading order; "first" to "beside" make up the first screen. */
const PANELS = /** @type {const} */ ([
  ["boxes", "first", createBoxes],
  ["topLeft", "first", (/** @type {App} */ app) => createHeatmap(app, "topLeft")],
  ["bottomRight", "first", (/** @type {App} */ app) => createHeatmap(app, "bottomRight")],
  ["matrix", "tall", createMatrix],
  ["why", "beside", createWhy],
  ["sliders", "wide", createSliders],
  ["funnel", "half", createFunnel],
  ["features", "half", createFeatures],
  ["predict", "wide", createPredict],
  ["evidence", "half", createEvidence],
  ["pooling", "half", createPooling],
  ["line", "wide", createLine],
  ["lens", "half", createLens],
  ["shift", "half", createShiftStrip],
  ["suppression", "half", createSuppression],
  ["table", "half", createTable],
]);

/**
 * What the explorer asks of the page that holds it.
 * @typedef {object} Host
 * @property {((question: string, data: object) => Promise<any>) | null} ask  Null where no server answers.
 * @property {((query: string) => void) | null} go  Load another image.
 * @property {((corners: object[]) => void) | null} exportPage  Hand over this view, and what is known of corners, as one file.
 * @property {((tab: string) => void) | null} openTab  Open another tab of the page.
 * @property {((model: string) => void) | null} changeModel  Let another model answer the same image.
 * @property {boolean} ownsAddress  Whether the address bar may hold the view.
 */

/**
 * What an explorer is made of: rows that stand above its panels, and the panels in reading order.
 * @typedef {object} Layout
 * @property {(app: App, host: Host, sections: () => import("./kit/sections.js").Section[]) => Row[]} rows
 * @property {readonly (readonly [string, string, (app: App) => import("./types.js").Panel])[]} panels
 *
 * @typedef {{element: HTMLElement, draw: (app: App, changes: import("./types.js").Changes) => void}} Row
 */

/** @type {Layout} */
const WHOLE = {
  rows: (app, host, sections) => [
    createToolbar(app, host, sections),
    createRibbon(app),
    createSummary(),
    createKnows(),
    createNote(),
    createHint(host),
    createTour(app, host),
  ],
  panels: PANELS,
};

/**
 * Put the explorer into an element. Call the result's `show` with each payload.
 * @param {HTMLElement} root
 * @param {Host} host
 * @param {Layout} layout
 */
export function mount(root, host, layout = WHOLE) {
  /** @type {Map<string, Promise<any>>} */
  let asked = new Map();
  let changes = { payload: true, decision: true, focus: true };
  let scheduled = false;
  let received = 0;
  let writing = 0;
  let wanted = host.ownsAddress ? location.search.slice(1) : "";
  const timings = {
    focus: /** @type {number[]} */ ([]),
    decision: /** @type {number[]} */ ([]),
    payload: /** @type {number[]} */ ([]),
  };

  const app = /** @type {App} */ ({ focus: NOWHERE, set, hover, pin, ask, refusal, show, go, redraw });
  const rows = layout.rows(app, host, () => sections);
  const sections = makeSections(
    layout.panels.map(([name, size, create]) => ({ name, size, panel: create(app) })),
    redraw,
  );
  const grid = make("div", { class: "cn-grid" }, ...sections.map((section) => section.element));
  root.classList.add("cn-explorer");
  root.replaceChildren(...rows.map((row) => row.element), grid);
  listenToEscape(root, release);
  new MutationObserver(newTheme).observe(document.body, { attributeFilter: ["class"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", newTheme);

  /** Show an image's payload. @param {Payload} payload @param {string} [view]  A query that sets the view. */
  async function receive(payload, view) {
    wanted = view ?? wanted;
    received += 1;
    const turn = received;
    const [image, canvas, topLeft, bottomRight, features] = await Promise.all([
      loadPicture(payload.image.url),
      loadPicture(payload.canvas.url),
      readAtlas(payload.topLeft.heatmaps),
      readAtlas(payload.bottomRight.heatmaps),
      readAtlas(payload.features),
    ]);
    if (turn !== received) return; // a newer image came while this one was decoded
    const before = app.payload ? app.state : null;
    app.payload = payload;
    app.pictures = { image, canvas };
    app.maps = { topLeft, bottomRight, features };
    asked = new Map();
    const fresh = { ...freshState(payload.settings), ...kept(before, payload) };
    app.state = { ...fresh, ...readView(wanted, payload, fresh) };
    const query = new URLSearchParams(wanted);
    const panel = query.get("panel");
    wanted = "";
    app.decision = decide(payload, app.state.settings);
    app.state.pin ??= bestPin(app.decision, query.get("pinBest"));
    app.focus = app.state.pin ?? NOWHERE;
    change({ payload: true, decision: true, focus: true });
    if (panel) requestAnimationFrame(() => show(panel));
  }

  /**
   * Keep what a visitor set, as long as the model stays.
   * @param {import("./types.js").State | null} before
   * @param {Payload} payload
   */
  function kept(before, payload) {
    if (!before) return {};
    const { settings, stop, projector, predict, tab } = before;
    return { stop, projector, predict, tab, ...(app.payload.model === payload.model ? { settings } : {}) };
  }

  /** @type {App["set"]} */
  function set(patch) {
    if (!app.payload) return;
    app.state = { ...app.state, ...patch };
    const decides = patch.settings !== undefined;
    if (decides) app.decision = decide(app.payload, app.state.settings);
    app.focus = app.state.hover ?? app.state.pin ?? NOWHERE;
    change({ payload: false, decision: decides, focus: true });
  }

  /** @type {App["hover"]} */
  function hover(focus) {
    const whole = wholeFocus(focus);
    if (app.payload && !sameFocus(whole, app.state.hover)) set({ hover: whole });
  }

  /** @type {App["pin"]} */
  function pin(focus) {
    const whole = wholeFocus(focus);
    set({ pin: sameFocus(whole, app.state?.pin ?? null) ? null : whole, hover: null });
  }

  function release() {
    if (app.payload) set({ pin: null, hover: null, fallen: null });
  }

  /** @type {App["ask"]} */
  function ask(question, data) {
    const known = keptAnswer(app.payload, question, data);
    if (known) return Promise.resolve(known.answer);
    if (!host.ask) return Promise.reject(new Error(refusal(question, data)));
    const request = JSON.stringify([question, data]);
    const before = asked.get(request);
    if (before) return before;
    const answer = host.ask(question, { ...data, ...whereabouts(app.payload, data), key: app.payload.key });
    asked.set(request, answer);
    answer.catch(() => asked.delete(request));
    return answer;
  }

  /** @type {App["refusal"]} */
  function refusal(question, data) {
    if (host.ask || keptAnswer(app.payload, question, data)) return "";
    const count = app.payload.answers.filter((answer) => answer.question === question).length;
    if (count === 0) return "This page was saved without this answer; to get it, run the app.";
    return `This page was saved with this answer for ${count} corners; for any other one, run the app.`;
  }

  /** @type {App["go"]} */
  function go(query) {
    const source = new URLSearchParams(app.payload?.source ?? "");
    const target = new URLSearchParams(query);
    const same = ["example", "scene"].every((name) => !target.has(name) || target.get(name) === source.get(name));
    wanted = query;
    if (same || !host.go) receive(app.payload);
    else host.go(query);
  }

  /** Draw a new image out of sight too, a panel after the other: what is in sight comes first. */
  function catchUp() {
    if (sections.some((section) => section.catchUp(app))) setTimeout(catchUp);
  }

  /** @param {string} panel */
  function show(panel) {
    for (const section of sections) section.catchUp(app); // heights must be right before one jumps
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const section = sections.find((candidate) => candidate.name === panel);
    section?.element.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
    section?.flash();
  }

  function newTheme() {
    forgetTheme();
    redraw();
  }

  function redraw() {
    change({ payload: false, decision: false, focus: true });
  }

  function writeAddress() {
    history.replaceState(history.state, "", `?${queryOf(app)}`);
  }

  /** @param {import("./types.js").Changes} more */
  function change(more) {
    for (const name of /** @type {const} */ (["payload", "decision", "focus"])) changes[name] ||= more[name];
    if (scheduled || !app.payload) return;
    scheduled = true;
    requestAnimationFrame(paint);
  }

  function paint() {
    const started = performance.now();
    const now = changes;
    changes = { payload: false, decision: false, focus: false };
    scheduled = false;
    root.classList.toggle("cn-projector", app.state.projector);
    if (host.ownsAddress) document.body.classList.toggle("cn-projecting", app.state.projector);
    root.classList.toggle("cn-predicting", app.state.predict);
    root.classList.toggle("cn-touring", app.state.stop !== null);
    for (const row of rows) row.draw(app, now);
    for (const section of sections) section.draw(app, now);
    if (now.payload) setTimeout(catchUp);
    if (host.ownsAddress && !app.state.hover) {
      clearTimeout(writing);
      writing = window.setTimeout(writeAddress, ADDRESS_DELAY);
    }
    const kind = now.payload ? "payload" : now.decision ? "decision" : "focus";
    timings[kind].push(performance.now() - started);
  }

  return { show: receive, app, timings };
}

/**
 * Pin the best box, as stops of the tour ask for without knowing its corners' ids.
 * @param {import("./types.js").Decision} decision
 * @param {string | null} part  "pair", "topLeft" or "bottomRight"; anything else pins nothing.
 */
function bestPin(decision, part) {
  if (decision.detections.length === 0) return null;
  const pair = idsOf(decision, decision.detections[0]);
  if (part === "pair") return wholeFocus(pair);
  return part === "topLeft" || part === "bottomRight" ? wholeFocus({ [part]: pair[part] }) : null;
}

/** @param {Payload} payload @param {string} question @param {any} data */
function keptAnswer({ answers }, question, { side, id }) {
  return answers.find((answer) => answer.question === question && answer.side === side && answer.id === id);
}
