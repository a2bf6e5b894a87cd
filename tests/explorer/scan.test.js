import assert from "node:assert/strict";
import { test } from "node:test";
import { runningMaximum, turnOf } from "../../assets/explorer/twins/scan.js";

// Which cells each cell sees, by definition.
const SEES = {
  topLeft: {
    vertical: (x, y, u, v) => u === x && v >= y,
    horizontal: (x, y, u, v) => v === y && u >= x,
  },
  bottomRight: {
    vertical: (x, y, u, v) => u === x && v <= y,
    horizontal: (x, y, u, v) => v === y && u <= x,
  },
};
const SIDES = ["topLeft", "bottomRight"];
const DIRECTIONS = ["vertical", "horizontal"];

/** The definition: the largest of all cells seen; of equal ones the nearest, which the scan meets last. */
function slowMaximum(values, width, height, sees) {
  const cells = Array.from({ length: width * height }, (_, k) => [k % width, Math.floor(k / width)]);
  const source = cells.map(([x, y]) => {
    const seen = cells.map(([u, v], k) => ({ k, away: Math.abs(u - x) + Math.abs(v - y), isSeen: sees(x, y, u, v) }));
    const most = Math.max(...seen.filter((cell) => cell.isSeen).map((cell) => values[cell.k]));
    return seen.filter((cell) => cell.isSeen && values[cell.k] === most).sort((a, b) => a.away - b.away)[0].k;
  });
  return { values: source.map((k) => values[k]), source };
}

/** Few different values, so that there are ties. */
function randomMap(width, height, seed) {
  let state = seed;
  return Float32Array.from({ length: width * height }, () => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * 5) / 4;
  });
}

for (const side of SIDES) {
  for (const direction of DIRECTIONS) {
    test(`${side}, ${direction}: the maximum of all cells seen, from the nearest of equal ones`, () => {
      for (const [width, height, seed] of [
        [0, 0, 1],
        [1, 1, 2],
        [1, 6, 3],
        [6, 1, 4],
        [7, 5, 5],
        [4, 9, 6],
      ]) {
        const values = randomMap(width, height, seed);
        const fast = runningMaximum(values, width, height, side, direction);
        const slow = slowMaximum(values, width, height, SEES[side][direction]);
        assert.deepEqual(Array.from(fast.values), slow.values);
        assert.deepEqual(Array.from(fast.source), slow.source);
      }
    });

    test(`${side}, ${direction}: scanning again changes nothing`, () => {
      const values = randomMap(6, 5, 7);
      const once = runningMaximum(values, 6, 5, side, direction).values;
      assert.deepEqual(runningMaximum(once, 6, 5, side, direction).values, once);
    });
  }
}

test("sources are those of torch.cummax, ties and NaN included", () => {
  // torch.cummax(torch.tensor([1, 3, 3, 2, 3, 1]), 0), and with a NaN: [1, nan, 3].
  const scan = runningMaximum([1, 3, 3, 2, 3, 1], 6, 1, "bottomRight", "horizontal");
  assert.deepEqual(Array.from(scan.values), [1, 3, 3, 3, 3, 3]);
  assert.deepEqual(Array.from(scan.source), [0, 1, 2, 2, 4, 4]);
  const broken = runningMaximum([1, NaN, 3], 3, 1, "bottomRight", "horizontal");
  assert.deepEqual(Array.from(broken.values), [1, NaN, NaN]);
  assert.deepEqual(Array.from(broken.source), [0, 1, 1]);
});

test("the scan for a top-left corner begins at the far end", () => {
  assert.deepEqual(
    [0, 1, 2].map((place) => turnOf("topLeft", place, 3)),
    [2, 1, 0],
  );
  assert.deepEqual(
    [0, 1, 2].map((place) => turnOf("bottomRight", place, 3)),
    [0, 1, 2],
  );
});
