import assert from "node:assert/strict";
import { test } from "node:test";
import { inkOn } from "../../assets/explorer/kit/badge.js";
import { rgbOf } from "../../assets/explorer/kit/colours.js";
import { decide } from "../../assets/explorer/twins/decide.js";
import { axisOf, nearestDot, pileUp, placeOn, ticksOf } from "../../assets/explorer/kit/embedding-axis.js";
import { explain } from "../../assets/explorer/twins/explain.js";
import { BEST, abbreviated, gridOf, groupsOf, hitOf, idsToShow } from "../../assets/explorer/panels/matrix-layout.js";
import { describeTests } from "../../assets/explorer/panels/test-words.js";
import { payloadOf, randomPayload, SETTINGS, VOCABULARY } from "./payloads.js";

test("no corner: nothing to show, and the layouts hold", () => {
  const payload = payloadOf([], []);
  const decision = decide(payload, SETTINGS);
  assert.deepEqual(idsToShow(payload, decision, "topLeft", { isAll: true, pointed: null }), []);
  assert.deepEqual(groupsOf([]), []);
  assert.equal(hitOf({ grid: gridOf(300, 0, 0), rows: [], columns: [] }, 150, 150), null);
  const axis = axisOf([], 0, 10, 90);
  assert.equal(placeOn(axis, 0), 50);
  assert.ok(ticksOf(axis, 5).length > 0);
  assert.deepEqual(pileUp(axis, "topLeft", [], { y: 0, first: 1, step: 1, levels: 3, radius: [1, 2] }), []);
  assert.equal(nearestDot([], 0, 0, 10), -1);
});

test("the matrix shows the best corners, those of detections and the one pointed at, by category", () => {
  const payload = randomPayload(21, 90);
  const decision = decide(payload, { ...SETTINGS, peakWindow: 1, minScore: 0.2 });
  const peaks = decision.topLeft;
  const inDetections = Array.from(decision.detections, (k) => peaks[decision.candidates.topLeft[k]]);
  const pointed = peaks[80];
  const shown = idsToShow(payload, decision, "topLeft", { isAll: false, pointed });
  const wanted = new Set([...peaks.slice(0, BEST), ...inDetections, pointed]);
  assert.deepEqual(new Set(shown), wanted);
  assert.ok(wanted.size > BEST + 1 && wanted.size < peaks.length);
  const keys = shown.map((id) => [payload.topLeft.label[id], id]);
  assert.deepEqual(
    keys,
    [...keys].sort((a, b) => a[0] - b[0] || a[1] - b[1]),
  );
  assert.equal(idsToShow(payload, decision, "topLeft", { isAll: true, pointed: null }).length, peaks.length);
});

test("runs of one category", () => {
  assert.deepEqual(groupsOf([2, 2, 5]), [
    { label: 2, start: 0, count: 2 },
    { label: 5, start: 2, count: 1 },
  ]);
});

for (const [rows, columns] of [
  [1, 1],
  [8, 30],
  [100, 100],
]) {
  test(`the middle of every cell of ${rows} x ${columns} hits it, and names hit rows and columns`, () => {
    const grid = gridOf(310, rows, columns);
    const [tops, bottoms] = [rows, columns].map((count) => Array.from({ length: count }, (_, k) => k + 1000));
    tops.forEach((topLeft, row) => {
      const y = grid.top + (row + 0.5) * grid.height;
      assert.deepEqual(hitOf({ grid, rows: tops, columns: bottoms }, 3, y), { topLeft });
      bottoms.forEach((bottomRight, column) => {
        const x = grid.left + (column + 0.5) * grid.width;
        assert.deepEqual(hitOf({ grid, rows: tops, columns: bottoms }, x, y), { topLeft, bottomRight });
      });
    });
    assert.deepEqual(hitOf({ grid, rows: tops, columns: bottoms }, grid.left + 1, 3), { bottomRight: 1000 });
    assert.equal(hitOf({ grid, rows: tops, columns: bottoms }, 3, 3), null);
    assert.ok(grid.left + columns * grid.width <= 310 && grid.top + rows * grid.height <= 310);
    assert.equal(grid.hasNames, columns < 27); // a word needs ten pixels
  });
}

for (const [words, room, wanted] of /** @type {[string, number, string][]} */ ([
  ["", 5, ""],
  ["star", 4, "star"],
  ["heart", 4, "hear"],
  ["hot dog", 4, "hot"],
  ["star", 0, ""],
])) {
  test(`"${words}" in ${room} letters`, () =>
    assert.equal(
      abbreviated(words, room, (text) => text.length),
      wanted,
    ));
}

test("the line holds all values and twice the distance", () => {
  const wide = axisOf([-3, 5], 0.5, 20, 880);
  assert.ok(placeOn(wide, -3) > 20 && placeOn(wide, 5) < 880);
  const narrow = axisOf([1, 1.1], 2, 0, 100);
  assert.ok(narrow.high - narrow.low >= 4);
  assert.ok(Math.abs(placeOn(narrow, 1.05) - 50) < 1e-9);
});

for (const [low, high, most, wanted] of /** @type {[number, number, number, string[]][]} */ ([
  [-1.2, 1.2, 6, ["−1.0", "−0.5", "0", "0.5", "1.0"]],
  [0, 10, 5, ["0", "2", "4", "6", "8", "10"]],
  [0.01, 0.05, 4, ["0.01", "0.02", "0.03", "0.04", "0.05"]],
  [-300, 100, 4, ["−300", "−200", "−100", "0", "100"]],
])) {
  test(`round numbers from ${low} to ${high}`, () => {
    assert.deepEqual(
      ticksOf({ low, high, left: 0, right: 100 }, most).map((tick) => tick.words),
      wanted,
    );
  });
}

test("corners on one place are piled up, the best nearest to the line, and can be hit", () => {
  const axis = axisOf([0, 1], 0.1, 0, 500);
  const corners = [1, 0.8, 0.6, 0.4].map((score, id) => ({ id, embedding: 0.5, score }));
  const dots = pileUp(axis, "bottomRight", corners, { y: 100, first: 20, step: 15, levels: 3, radius: [3, 7] });
  assert.deepEqual(
    dots.map((dot) => dot.y),
    [120, 135, 150, 150],
  ); // the last place is shared
  assert.equal(dots[0].radius, 7);
  assert.equal(nearestDot(dots, 250, 134, 10), 1);
  assert.equal(nearestDot(dots, 250, 105, 10), -1);
});

for (const [what, bottomRight, change, wanted] of /** @type {const} */ ([
  [
    "all passed",
    { x: 6, y: 4 },
    {},
    [
      "both circle",
      "4.00 cells right, 2.00 cells below",
      "0.000 ≤ 0.5: 0.500 to spare",
      "1.000 ≥ 0.3: 0.700 to spare",
      "score stays 1.000: no better box of its category overlaps it",
    ],
  ],
  [
    "all failed",
    { x: 1, y: 4, label: 1, score: 0.25, embedding: 0.75 },
    { minScore: 0.75 },
    [
      "circle ≠ star",
      "1.00 cells left, 2.00 cells below",
      "0.750 > 0.5: 0.250 too far",
      "0.625 < 0.75: 0.125 short",
      "takes no part",
    ],
  ],
])) {
  test(`tests in words: ${what}`, () => {
    const payload = payloadOf([{ x: 2, y: 2 }], [bottomRight]);
    const rows = describeTests(explain(payload, decide(payload, { ...SETTINGS, ...change }), 0, 0));
    assert.deepEqual(
      rows.map((row) => row.numbers),
      wanted,
    );
    assert.deepEqual(
      rows.map((row) => row.decides),
      [what === "all failed", false, false, false, false],
    );
    const margins = rows.flatMap((row) =>
      row.margin === null || row.passed === null ? [] : [[row.passed, row.margin]],
    );
    for (const [passed, margin] of margins) assert.equal(Number(margin) >= 0, passed);
  });
}

test("letters stand out on every verdict's colour", () => {
  const light = (/** @type {string} */ hex) => {
    const [r, g, b] = rgbOf(hex).map((v) =>
      v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
  };
  for (const { colour } of VOCABULARY.verdicts) {
    const [a, b] = [light(colour), light(inkOn(colour))];
    assert.ok(Math.max(a, b) / Math.min(a, b) >= 4.5, colour);
  }
});
