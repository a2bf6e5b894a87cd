/** What is said of a moved image is judged by its numbers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { stepWords, verdictWords } from "../../assets/explorer/panels/shift-words.js";

/** @type {import("../../assets/explorer/types.js").Frame} */
const FRAME = { ratio: [8, 8], shift: [28, 0], scale: [1, 1] };

/** A step whose corner lies `off` network pixels too far right. @param {number} shift @param {number} [off] */
function stepOf(shift, off = 0) {
  const place = 84 + shift; // 10.5 cells at rest
  const x = Math.floor(place / 8);
  const offset = { offsetX: (place + off) / 8 - x, offsetY: place / 8 - x };
  return { shift, x, y: x, ...offset, score: 1, heat: [] };
}

const TABLE = /** @type {[number[], string][]} */ ([
  [
    [],
    "the cell stays the same; with offsets the place is off by at most 0.0 network pixels. It stays right, to within 1 pixel.",
  ],
  [[0, 0.5, 1], "off by at most 1.0 network pixels. It stays right, to within 1 pixel."],
  [[2, 3], "off by at most 3.0 network pixels. It does not stay right: every move puts it off by more than 1."],
  [
    [0.5, 1.5, -2],
    "off by at most 2.0 network pixels. It stays right, to within 1 pixel, when moved by 1, but not when moved by 2 or 3.",
  ],
]);

test("the place is right where it is off by a pixel at most", () => {
  for (const [off, words] of TABLE) {
    const said = verdictWords(FRAME, [stepOf(0), ...off.map((one, k) => stepOf(k + 1, one))]);
    assert.ok(said.endsWith(words), said);
  }
});

test("the first jump of the cell is told", () => {
  assert.ok(verdictWords(FRAME, [stepOf(0), stepOf(1), stepOf(4)]).startsWith("the cell jumps after 4 pixels; "));
  assert.ok(verdictWords(FRAME, [stepOf(7), stepOf(1)]).startsWith("the cell jumps after 1 pixel; "));
});

test("places are those of the image, without the padding", () => {
  const steps = [stepOf(0), stepOf(1, 0.5)];
  assert.equal(stepWords(FRAME, steps, steps[0]), "cell (10, 10) + offset (0.500, 0.500): at 56.0, 84.0 network px");
  assert.equal(
    stepWords(FRAME, steps, steps[1]),
    "cell (10, 10) + offset (0.688, 0.625): at 57.5, 85.0 network px; expected 57.0, 85.0",
  );
});
