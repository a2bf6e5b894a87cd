/** What panels do to the explorer: change its state, look elsewhere, load another image. */
import { decide } from "../twins/decide.js";
import { change, showSection } from "./painting.js";
import { ask, refusal } from "./questions.js";
import { receive } from "./receive.js";
import { NOWHERE, sameFocus, wholeFocus } from "./store.js";

/** @typedef {import("./mount.js").Mounted} Mounted */
/** @typedef {import("../types.js").App} App */

/**
 * Make the functions of an `App`.
 * @param {Mounted} mounted
 * @returns {Pick<App, "set" | "hover" | "pin" | "ask" | "refusal" | "show" | "go" | "redraw">}
 */
export function actionsOf(mounted) {
  return {
    set: (patch) => set(mounted, patch),
    hover: (focus) => hover(mounted, focus),
    pin: (focus) => pin(mounted, focus),
    ask: (question, data) => ask(mounted, question, data),
    refusal: (question, data) => refusal(mounted, question, data),
    show: (panel) => showSection(mounted, panel),
    go: (query) => go(mounted, query),
    redraw: () => change(mounted, { payload: false, decision: false, focus: true }),
  };
}

/** @param {Mounted} mounted @param {Parameters<App["set"]>[0]} patch */
function set(mounted, patch) {
  const { app } = mounted;
  if (!app.payload) return;
  app.state = { ...app.state, ...patch };
  const decides = patch.settings !== undefined;
  if (decides) app.decision = decide(app.payload, app.state.settings);
  app.focus = app.state.hover ?? app.state.pin ?? NOWHERE;
  change(mounted, { payload: false, decision: decides, focus: true });
}

/** @param {Mounted} mounted @param {Parameters<App["hover"]>[0]} focus */
function hover(mounted, focus) {
  const { app } = mounted;
  const whole = wholeFocus(focus);
  if (app.payload && !sameFocus(whole, app.state.hover)) set(mounted, { hover: whole });
}

/** Pin; what is pinned already is let go. @param {Mounted} mounted @param {Parameters<App["pin"]>[0]} focus */
function pin(mounted, focus) {
  const whole = wholeFocus(focus);
  set(mounted, { pin: sameFocus(whole, mounted.app.state?.pin ?? null) ? null : whole, hover: null });
}

/** @param {Mounted} mounted @param {string} query */
function go(mounted, query) {
  const { app, host } = mounted;
  mounted.wanted = query;
  if (isShown(app.payload, query) || !host.go) receive(mounted, app.payload);
  else host.go(query);
}

/**
 * Tell whether a query asks for the image and the model that are shown; "own" is the visitor's own image.
 * @param {Pick<import("../types.js").Payload, "source" | "model"> | undefined} payload
 * @param {string} query
 */
export function isShown(payload, query) {
  const shown = new URLSearchParams(payload?.source ?? "");
  shown.set("model", payload?.model ?? "");
  if (!payload?.source) shown.set("own", "1");
  const target = new URLSearchParams(query);
  return ["example", "scene", "model", "own"].every(
    (name) => !target.has(name) || target.get(name) === shown.get(name),
  );
}
