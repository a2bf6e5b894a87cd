import assert from "node:assert/strict";
import { test } from "node:test";
import { isCovered } from "../../assets/explorer/panels/heatmap-marks.js";
import { gridOf } from "../../assets/explorer/panels/matrix-layout.js";
import { lensOf } from "../../assets/explorer/panels/matrix-lens.js";
import { isForeign } from "../../assets/explorer/kit/shut-lists.js";
import { changedNames, ownWords } from "../../assets/explorer/panels/own-thresholds.js";
import { startWords } from "../../assets/explorer/panels/start.js";
import { SETTINGS } from "./payloads.js";

for (const [boxes, wanted] of /** @type {[number, RegExp][]} */ ([
  [0, /^No pair of corners became a box. Tap a bright spot/],
  [1, /^This box was found as a pair of corners. Tap it/],
  [4, /^These boxes were found as pairs of corners. Tap one/],
])) {
  test(`the first line for ${boxes} boxes`, () => assert.match(startWords(boxes, "Tap"), wanted));
}

for (const [row, column] of [
  [0, 0],
  [50, 50],
  [99, 99],
  [0, 99],
]) {
  test(`the lens over pair ${row}, ${column} has room for letters, holds the pair and stays on the board`, () => {
    const ids = Array.from({ length: 100 }, (_, k) => k + 1000);
    const lens = lensOf({ grid: gridOf(250, 100, 100), rows: ids, columns: ids }, row, column);
    assert.equal(lens.table.rows[lens.row], 1000 + row);
    assert.equal(lens.table.columns[lens.column], 1000 + column);
    assert.ok(lens.table.grid.hasNames && lens.table.grid.width >= 10 && lens.table.grid.height >= 10);
    assert.ok(lens.left >= 0 && lens.top >= 0 && lens.left + 132 <= 250 && lens.top + 132 <= 250);
  });
}

test("a lens over fewer rows than it has room for shows all of them", () => {
  const columns = Array.from({ length: 60 }, (_, k) => k);
  const lens = lensOf({ grid: gridOf(250, 2, 60), rows: [7, 8], columns }, 1, 30);
  assert.deepEqual([lens.table.rows, lens.row], [[7, 8], 1]);
});

test("marks step aside where they would cover what is pointed at", () => {
  assert.ok(isCovered([10, 10], [10, 10], 1.6));
  assert.ok(isCovered([10, 10], [12, 11], 1.6));
  assert.ok(!isCovered([10, 10], [14, 10], 1.6));
});

test("what differs from the model's own thresholds is counted", () => {
  assert.deepEqual(changedNames(SETTINGS, { ...SETTINGS }), []);
  assert.deepEqual(changedNames({ ...SETTINGS, minScore: 0.99, topK: 3 }, SETTINGS).sort(), ["minScore", "topK"]);
  assert.deepEqual([ownWords(1), ownWords(2)], ["1 threshold is yours:", "2 thresholds are yours:"]);
});

test("only keys that move in a list reach a dropdown; letters do where they look for an entry", () => {
  for (const key of ["Tab", "Shift"]) assert.ok(isForeign(key, false) && isForeign(key, true), key);
  for (const key of ["ArrowDown", "Enter", "Escape"]) assert.ok(!isForeign(key, false) && !isForeign(key, true), key);
  assert.deepEqual([isForeign("c", false), isForeign("c", true)], [true, false]);
});
