/** A new payload: its pictures decoded, its view read, its best pair pinned. */
import { idsOf } from "../twins/candidates.js";
import { decide } from "../twins/decide.js";
import { rememberView, seenNow, takePlace } from "./before.js";
import { loadPicture, readAtlas } from "./maps.js";
import { change, showPlace, showSection } from "./painting.js";
import { freshState, NOWHERE, wholeFocus } from "./store.js";
import { readView } from "./view-url.js";

/** @typedef {import("./mount.js").Mounted} Mounted */
/** @typedef {import("../types.js").Payload} Payload */

/**
 * Show an image's payload.
 * @param {Mounted} mounted
 * @param {Payload} payload
 * @param {string} [view]  A query that sets the view.
 */
export async function receive(mounted, payload, view) {
  const { app } = mounted;
  mounted.wanted = view ?? mounted.wanted;
  mounted.received += 1;
  const turn = mounted.received;
  const decoded = await decode(payload);
  if (turn !== mounted.received) return; // a newer image came while this one was decoded
  const seen = seenNow(app);
  const fresh = { ...freshState(payload.settings), ...keptState(app, payload) };
  Object.assign(app, { payload, ...decoded });
  mounted.answered = new Map();
  app.state = { ...fresh, ...readView(mounted.wanted, payload, fresh) };
  rememberView(app, seen);
  const query = new URLSearchParams(mounted.wanted);
  mounted.wanted = "";
  app.decision = decide(payload, app.state.settings);
  app.state.pin ??= bestPin(app.decision, query.get("pinBest"));
  app.focus = app.state.pin ?? NOWHERE;
  change(mounted, { payload: true, decision: true, focus: true });
  const [panel, place] = [query.get("panel"), takePlace(app)];
  if (panel) requestAnimationFrame(() => showSection(mounted, panel));
  else if (place !== null) requestAnimationFrame(() => showPlace(mounted, place));
}

/** @param {Payload} payload */
async function decode(payload) {
  const [image, canvas, topLeft, bottomRight, features] = await Promise.all([
    loadPicture(payload.image.url),
    loadPicture(payload.canvas.url),
    readAtlas(payload.topLeft.heatmaps),
    readAtlas(payload.bottomRight.heatmaps),
    readAtlas(payload.features),
  ]);
  return { pictures: { image, canvas }, maps: { topLeft, bottomRight, features } };
}

/**
 * Keep what a visitor set: the thresholds as long as the model stays.
 * @param {import("../types.js").App} app  With what was shown before.
 * @param {Payload} payload
 */
export function keptState(app, payload) {
  if (!app.payload) return {};
  const { settings, stop, projector, predict, tab, large } = app.state;
  return { stop, projector, predict, tab, large, ...(app.payload.model === payload.model ? { settings } : {}) };
}

/**
 * Pin the best box, as stops of the tour ask for without knowing its corners' ids.
 * @param {import("../types.js").Decision} decision
 * @param {string | null} part  "pair", "topLeft" or "bottomRight"; anything else pins nothing.
 */
function bestPin(decision, part) {
  if (decision.detections.length === 0) return null;
  const pair = idsOf(decision, decision.detections[0]);
  if (part === "pair") return wholeFocus(pair);
  return part === "topLeft" || part === "bottomRight" ? wholeFocus({ [part]: pair[part] }) : null;
}
