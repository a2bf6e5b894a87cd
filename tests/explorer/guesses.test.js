import assert from "node:assert/strict";
import { test } from "node:test";
import { judge, scoreLine } from "../../assets/explorer/panels/guesses.js";
import { boxBetweenPlaces } from "../../assets/explorer/kit/pencil.js";
import { placeBlocks, placeBoards, wrap } from "../../assets/explorer/kit/plate.js";

const ANSWER = {
  boxes: [
    [0, 0, 10, 10],
    [20, 20, 30, 30],
  ],
  names: ["circle", "star"],
};

test("without guesses nothing is hit", () => {
  assert.deepEqual(judge([], ANSWER), { overlaps: [], hits: 0, mean: 0 });
  assert.equal(scoreLine([], ANSWER, "of the network"), "You hit **0 of 2** boxes of the network (IoU from 0.5).");
});

test("guesses are compared one to one; the mean is over all guesses", () => {
  const { overlaps, hits, mean } = judge(
    [
      [0, 0, 10, 10],
      [0, 0, 10, 9],
      [22, 20, 30, 30],
    ],
    ANSWER,
  );
  assert.deepEqual(overlaps, [{ iou: 1, name: "circle" }, null, { iou: 0.8, name: "star" }]);
  assert.equal(hits, 2);
  assert.equal(mean, 1.8 / 3);
});

test("a box that overlaps by less than half is no hit", () => {
  assert.equal(judge([[0, 0, 10, 4.9]], ANSWER).hits, 0);
  assert.equal(judge([[0, 0, 10, 5]], ANSWER).hits, 1);
});

test("a box may be drawn from any of its corners", () => {
  for (const [a, b] of [
    [
      [1, 2],
      [5, 6],
    ],
    [
      [5, 6],
      [1, 2],
    ],
    [
      [1, 6],
      [5, 2],
    ],
    [
      [5, 2],
      [1, 6],
    ],
  ]) {
    assert.deepEqual(boxBetweenPlaces(a, b), [1, 2, 5, 6]);
  }
});

test("words are wrapped at the width, and a word that is too long has a line of its own", () => {
  const measure = (text) => text.length;
  assert.deepEqual(wrap("", 9, measure), []);
  assert.deepEqual(wrap("one two three incomprehensible four", 9, measure), [
    "one two",
    "three",
    "incomprehensible",
    "four",
  ]);
});

test("blocks go where there is most room, wide ones below all, and none overlap", () => {
  assert.deepEqual(placeBlocks([], 2, 5), { places: [], height: 0 });
  const blocks = [10, 20, 5, 7, 30].map((height, k) => ({ height, isWide: k === 3 }));
  const { places, height } = placeBlocks(blocks, 2, 5);
  assert.deepEqual(places, [
    { column: 0, top: 0 },
    { column: 1, top: 0 },
    { column: 0, top: 15 },
    { column: 0, top: 25 },
    { column: 0, top: 37 },
  ]);
  assert.equal(height, 67);
});

test("boards in a row are equally high, keep their shapes and fill the width", () => {
  assert.deepEqual(placeBoards([], 100), []);
  const places = placeBoards(
    [
      { width: 10, height: 10 },
      { width: 30, height: 10 },
    ],
    412,
  );
  assert.deepEqual(
    places.map(({ width, height }) => [width, height]),
    [
      [100, 100],
      [300, 100],
    ],
  );
  assert.equal(places[1].x + places[1].width, 412);
});

test("a row that is not full is no higher than the first", () => {
  const square = { width: 10, height: 10 };
  const places = placeBoards([square, square, square], 212, 2);
  assert.deepEqual(
    places.map(({ x, y, height }) => [x, y, height]),
    [
      [0, 0, 100],
      [112, 0, 100],
      [0, 112, 100],
    ],
  );
});
