/** What was seen before the tour, which those who leave it get back. */
import { writeView } from "./view-url.js";

/** @typedef {import("../types.js").App} App */
/** @typedef {{query: string, large: string | null, scroll: number}} Seen */

/** @type {WeakMap<App, Seen>} */
const before = new WeakMap();
/** @type {WeakMap<App, number>} */
const places = new WeakMap();

/**
 * Read what is seen now; null where that is nothing, or the tour itself.
 * @param {App} app
 * @returns {Seen | null}
 */
export function seenNow(app) {
  if (!app.payload || app.state.stop !== null) return null;
  const query = new URLSearchParams(writeView(app.payload, app.state));
  query.delete("tab"); // the tour is left in the explorer
  return { query: query.toString(), large: app.state.large, scroll: globalThis.scrollY ?? 0 };
}

/**
 * Keep what was seen, if the tour has just begun.
 * @param {App} app
 * @param {Seen | null} seen
 */
export function rememberView(app, seen) {
  if (seen && app.state.stop !== null) before.set(app, seen);
}

/** Leave the tour, for the view before it if there was one. @param {App} app */
export function leaveTour(app) {
  const seen = before.get(app);
  before.delete(app);
  const untouched = { settings: app.payload.settings };
  app.set({ stop: null, predict: false, ...(seen ? { large: seen.large } : untouched) });
  if (!seen) return;
  places.set(app, seen.scroll);
  app.go(seen.query);
}

/** Take, once, how far the page was scrolled before the tour; null where that is over. @param {App} app */
export function takePlace(app) {
  const place = places.get(app) ?? null;
  places.delete(app);
  return place;
}
