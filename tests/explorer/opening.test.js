/** What makes a channel worth opening on: the scan brings its value from elsewhere. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { broughtTo } from "../../assets/explorer/panels/pooling-look.js";

test("what a scan brings is told as a share of the map's largest value", () => {
  assert.equal(broughtTo(0, { before: [1, 0, 4], after: [4, 4, 4] }), 0.75);
  assert.equal(broughtTo(2, { before: [1, 0, 4], after: [4, 4, 4] }), 0);
  assert.equal(broughtTo(0, { before: [0, 0], after: [0, 0] }), 0);
});
