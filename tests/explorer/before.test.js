/** What is given back to those who leave the tour. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isShown } from "../../assets/explorer/kit/actions.js";
import { leaveTour, rememberView, seenNow, takePlace } from "../../assets/explorer/kit/before.js";
import { freshState } from "../../assets/explorer/kit/store.js";
import { payloadOf, SETTINGS } from "./payloads.js";

/** @typedef {import("../../assets/explorer/types.js").App} App */

/** @param {string} source @param {Partial<import("../../assets/explorer/types.js").State>} state */
function visited(source, state) {
  const asked = /** @type {string[]} */ ([]);
  const app = /** @type {App} */ ({
    payload: { ...payloadOf([], []), source },
    state: { ...freshState(SETTINGS), ...state },
    set: (patch) => Object.assign(app.state, patch),
    go: (query) => asked.push(query),
  });
  return { app, asked };
}

test("the view before the first stop is asked for, in the explorer, with its place on the page", () => {
  const { app, asked } = visited("example=1", { label: 0, tab: "tour", large: "matrix" });
  const seen = seenNow(app);
  Object.assign(app.state, { stop: "01-pairs", large: null });
  rememberView(app, seen);
  assert.equal(seenNow(app), null); // the tour itself is not a view to come back to
  rememberView(app, seenNow(app));
  leaveTour(app);
  assert.deepEqual(asked, [seen?.query]);
  assert.equal(seen?.query.includes("example=1"), true);
  assert.equal(seen?.query.includes("tab="), false);
  assert.deepEqual([app.state.stop, app.state.large], [null, "matrix"]);
  assert.deepEqual([takePlace(app), takePlace(app)], [0, null]); // once
});

test("who came by a link into the tour keeps its image, with the model's own thresholds", () => {
  const { app, asked } = visited("example=1", { stop: "01-pairs", settings: { ...SETTINGS, minScore: 0.9 } });
  rememberView(app, seenNow(app));
  leaveTour(app);
  assert.deepEqual(asked, []);
  assert.equal(app.state.settings.minScore, app.payload.settings.minScore);
});

test("an image is asked for again unless it is shown, by the same model", () => {
  const [{ payload }, own] = [visited("example=1", {}).app, visited("", {}).app.payload];
  assert.equal(isShown(payload, "minScore=0.2"), true);
  assert.equal(isShown(payload, `example=1&model=${payload.model}`), true);
  assert.equal(isShown(payload, "example=1&model=another"), false);
  assert.equal(isShown(payload, "example=2"), false);
  assert.equal(isShown(payload, "own=1"), false);
  assert.equal(isShown(own, "own=1"), true);
  assert.equal(isShown(own, "example=1"), false);
});
