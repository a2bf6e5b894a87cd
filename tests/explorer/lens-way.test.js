/** The way from a cell to a pixel of the given image, as it is written out. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { marginsOf } from "../../assets/explorer/kit/backdrop.js";
import { wayWords, worstWords } from "../../assets/explorer/panels/lens-way.js";
import { payloadOf } from "./payloads.js";

/** An image of 1600 x 1200 pixels, shown at half that size, on a padded canvas. */
function padded() {
  const payload = payloadOf([{ x: 3, y: 10, offset: [0.25, -0.5] }], [{ x: 8, y: 12 }]);
  payload.image = { url: "", width: 800, height: 600 };
  payload.originalPerShown = [2, 2];
  payload.frame = { ratio: [4, 4], shift: [0, 32], scale: [0.4, 0.4] };
  payload.cells = { width: 80, height: 76 };
  return payload;
}

test("cell and offset, stride, padding and scale lead to the pixel", () => {
  const words = wayWords(padded(), "topLeft", 0);
  assert.equal(
    words,
    "**top-left**: (cell (3, 10) + offset (0.250, \u22120.500)) × stride 4 \u2212 padding (0, 32) = " +
      "(13.0, 6.0) network pixels; ÷ scale 0.2 = **(65.0, 30.0) pixels of your image**",
  );
});

test("a way that leaves the image is clipped to it, in a step of its own", () => {
  const payload = padded();
  payload.bottomRight = payloadOf([], [{ x: 80, y: 12, offset: [0.25, 0] }]).bottomRight;
  const words = wayWords(payload, "bottomRight", 0);
  assert.ok(
    words.endsWith(
      "÷ scale 0.2 = (1605.0, 80.0); clipped to the image, 1600 × 1200: **(1600.0, 80.0) pixels of your image**",
    ),
    words,
  );
});

test("without offsets a corner is off by up to a cell", () => {
  assert.match(worstWords(padded()), /4 network pixels, ÷ scale 0\.2 = \*\*20 pixels of your image\*\*/);
});

test("x and y are told apart where they differ", () => {
  const payload = padded();
  payload.frame = { ...payload.frame, ratio: [511 / 128, 4], scale: [0.4, 0.5] };
  const words = wayWords(payload, "bottomRight", 0);
  assert.ok(words.includes("stride (3.9922, 4)"));
  assert.ok(words.includes("scale (0.2, 0.25)"));
});

test("margins are what the image leaves of the input", () => {
  assert.deepEqual(marginsOf(padded()), [
    [0, 0, 80, 8],
    [0, 68, 80, 76],
    [0, 0, 0, 76],
    [80, 0, 80, 76],
  ]);
});
