import assert from "node:assert/strict";
import { test } from "node:test";
import {
  bestOverlap,
  boxAt,
  boxBetween,
  cellToPx,
  cornerToPx,
  matchBoxes,
  placeOf,
  pxToCell,
} from "../../assets/explorer/twins/geometry.js";

const FRAME = { ratio: [3.9921875, 4], shift: [16, 0], scale: [0.8, 1.25] };
const CORNERS = {
  label: [0],
  x: [10],
  y: [20],
  offsetX: [0.25],
  offsetY: [0.5],
  score: [1],
  embedding: [0],
  window: [3],
  heatmaps: { url: "", names: [] },
};

test("a cell's place in px follows the network's ratio, then the frame backwards", () => {
  assert.deepEqual(cellToPx(FRAME, 10, 20), [(10 * 3.9921875 - 16) / 0.8, (20 * 4) / 1.25]);
});

test("pxToCell undoes cellToPx", () => {
  for (const place of [
    [0, 0],
    [12.25, 3.5],
    [-2, 70],
  ]) {
    const [x, y] = pxToCell(FRAME, ...cellToPx(FRAME, place[0], place[1]));
    assert.ok(Math.abs(x - place[0]) < 1e-9 && Math.abs(y - place[1]) < 1e-9);
  }
});

test("a corner's exact place adds the offset to the cell", () => {
  assert.deepEqual(placeOf(CORNERS, 0), [10.25, 20.5]);
  assert.deepEqual(placeOf(CORNERS, 0, false), [10, 20]);
  assert.deepEqual(cornerToPx({ frame: FRAME, topLeft: CORNERS }, "topLeft", 0), cellToPx(FRAME, 10.25, 20.5));
});

test("boxes are clipped to the image", () => {
  const frame = { ratio: [4, 4], shift: [0, 0], scale: [1, 1] };
  assert.deepEqual(boxBetween(frame, { width: 30, height: 20 }, [-1, 2], [9, 3]), [0, 8, 30, 12]);
});

test("the best overlap is the largest, and none is told as -1", () => {
  assert.deepEqual(bestOverlap([0, 0, 2, 2], []), { index: -1, iou: 0 });
  assert.deepEqual(bestOverlap([0, 0, 2, 2], [[5, 5, 6, 6]]), { index: -1, iou: 0 });
  assert.deepEqual(
    bestOverlap(
      [0, 0, 2, 2],
      [
        [1, 0, 3, 2],
        [0, 0, 2, 2],
      ],
    ),
    { index: 1, iou: 1 },
  );
});

test("boxes are matched one to one, the largest overlap first", () => {
  assert.deepEqual(matchBoxes([], [[0, 0, 1, 1]]), []);
  const mine = [
    [0, 0, 10, 10],
    [0, 0, 10, 9],
    [50, 50, 60, 60],
  ];
  const theirs = [
    [0, 0, 10, 9],
    [0, 5, 10, 15],
  ];
  const pairs = matchBoxes(mine, theirs);
  assert.deepEqual(
    pairs.map((pair) => [pair.mine, pair.theirs]),
    [
      [1, 0],
      [0, 1],
    ],
  );
  assert.equal(pairs[0].iou, 1);
  assert.equal(pairs[1].iou, 5 / 15);
});

test("of boxes around a place the smallest is found, with a margin for the hand", () => {
  const boxes = [
    [0, 0, 10, 10],
    [2, 2, 4, 4],
  ];
  assert.equal(boxAt([], 1, 1, 5), -1);
  assert.equal(boxAt(boxes, 3, 3, 0), 1);
  assert.equal(boxAt(boxes, 8, 8, 0), 0);
  assert.equal(boxAt(boxes, 12, 12, 0), -1);
  assert.equal(boxAt(boxes, 12, 12, 2), 0);
});
