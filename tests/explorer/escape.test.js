import assert from "node:assert/strict";
import { test } from "node:test";
import { isForOthers, released } from "../../assets/explorer/kit/escape.js";

const REST = { isFullscreen: false, hasDialog: false, isInField: false, isInside: false, isSeen: true };

for (const [what, change, wanted] of /** @type {[string, Partial<typeof REST>, boolean][]} */ ([
  ["nothing else is going on", {}, false],
  ["full screen", { isFullscreen: true }, true],
  ["an open dialog", { hasDialog: true }, true],
  ["a field elsewhere", { isInField: true }, true],
  ["a field of the explorer", { isInField: true, isInside: true }, false],
  ["the explorer is out of sight, on another tab", { isSeen: false }, true],
])) {
  test(`Escape is for others: ${what}`, () => assert.equal(isForOthers({ ...REST, ...change }), wanted));
}

test("Escape first makes an enlarged panel small, then lets go of what is pinned", () => {
  assert.deepEqual(released({ large: "matrix" }), { large: null });
  assert.deepEqual(released({ large: null }), { pin: null, hover: null, fallen: null });
});
