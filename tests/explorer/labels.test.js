import assert from "node:assert/strict";
import { test } from "node:test";
import { fitWords, placeLabel } from "../../assets/explorer/kit/labels.js";

/** @typedef {import("../../assets/explorer/kit/labels.js").Rect} Rect */

const AREA = { width: 200, height: 150 };
const SIZE = { width: 40, height: 16 };

for (const [what, box, taken, wanted] of /** @type {[string, number[], Rect[], Rect][]} */ ([
  ["above", [50, 50, 120, 100], [], [49, 33, 89, 49]],
  ["above, at the right", [50, 50, 120, 100], [[40, 30, 60, 40]], [81, 33, 121, 49]],
  ["inside at the top, where there is no room above", [50, 5, 120, 100], [], [49, 7, 89, 23]],
  ["below, where both are taken", [50, 50, 120, 100], [[0, 30, 200, 70]], [49, 102, 89, 118]],
  ["at the bottom of a box that is as high as the image", [50, 0, 120, 150], [[0, 0, 200, 20]], [49, 132, 89, 148]],
  ["never out of the image", [190, 50, 199, 100], [], [160, 33, 200, 49]],
])) {
  test(`a label goes ${what}`, () => assert.deepEqual(placeLabel(SIZE, box, taken, AREA), wanted));
}

test("as many labels on one box as there are places do not touch", () => {
  /** @type {Rect[]} */
  const taken = [];
  for (let k = 0; k < 8; k++) taken.push(placeLabel(SIZE, [50, 40, 150, 110], taken, AREA));
  for (const [k, a] of taken.entries()) {
    for (const b of taken.slice(k + 1)) assert.ok(a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1]);
  }
});

for (const [name, number, room, wanted] of /** @type {[string, string, number, string][]} */ ([
  ["", "0.912", 3, "0.912"],
  ["dog", "0.912", 9, "dog 0.912"],
  ["giraffe", "0.912", 9, "gi… 0.912"],
  ["giraffe", "0.912", 6, "0.912"],
  ["giraffe", "", 4, "gir…"],
])) {
  test(`"${name} ${number}" in ${room} letters`, () =>
    assert.equal(
      fitWords(name, number, room, (text) => text.length),
      wanted,
    ));
}
