import assert from "node:assert/strict";
import { test } from "node:test";
import { keptState } from "../../assets/explorer/kit/receive.js";
import { freshState } from "../../assets/explorer/kit/store.js";
import { payloadOf, SETTINGS } from "./payloads.js";

/** @typedef {import("../../assets/explorer/types.js").App} App */

const payload = payloadOf([], []);

for (const [model, settings] of /** @type {const} */ ([
  [payload.model, { ...SETTINGS, minScore: 0.75 }],
  ["another", undefined],
])) {
  test(`from ${payload.model} to ${model} ${settings ? "thresholds stay" : "the model's own thresholds hold"}`, () => {
    const state = { ...freshState({ ...SETTINGS, minScore: 0.75 }), stop: "pairs", projector: true };
    const kept = keptState(/** @type {App} */ ({ payload, state }), { ...payload, model });
    assert.deepEqual(kept.settings, settings);
    assert.deepEqual([kept.stop, kept.projector, kept.predict, kept.tab], ["pairs", true, false, "explore"]);
  });
}

test("nothing is kept where nothing was shown", () => {
  assert.deepEqual(keptState(/** @type {App} */ ({}), payload), {});
});
