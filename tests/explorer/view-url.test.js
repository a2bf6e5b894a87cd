import assert from "node:assert/strict";
import { test } from "node:test";
import { NOWHERE, freshState } from "../../assets/explorer/kit/store.js";
import { isOnOffer, readView, writeView } from "../../assets/explorer/kit/view-url.js";
import { payloadOf } from "./payloads.js";

/** @typedef {import("../../assets/explorer/types.js").State} State */

const CORNERS = [
  { x: 1, y: 1 },
  { x: 2, y: 2 },
  { x: 3, y: 3 },
];
const PAYLOAD = payloadOf(CORNERS, CORNERS);
PAYLOAD.tour = [
  { id: "pooling", title: "", paragraphs: [], question: "", answer: "", source: "", panel: "", view: "" },
];
const FRESH = freshState(PAYLOAD.settings);

test("an untouched view is the image and the model alone", () => {
  assert.equal(writeView(PAYLOAD, FRESH), "example=2&model=shapes");
  assert.deepEqual(readView("", PAYLOAD, FRESH), {});
  assert.deepEqual({ ...FRESH, ...readView("example=2", PAYLOAD, FRESH) }, FRESH);
});

test("an image that no link can give has no source in it", () => {
  const own = { ...PAYLOAD, source: "" };
  const view = writeView(own, { ...FRESH, pin: { ...NOWHERE, topLeft: 0, bottomRight: 2 } });
  assert.equal(view, "own=1&model=shapes&pin=0-2");
  assert.deepEqual(readView(view, own, FRESH).pin, { ...NOWHERE, topLeft: 0, bottomRight: 2 });
  assert.equal(readView(view, PAYLOAD, FRESH).pin, null); // its corners are others
});

for (const [change, words] of /** @type {[Partial<State>, string][]} */ ([
  [{ settings: { ...PAYLOAD.settings, minScore: 0.25, topK: 7 } }, "minScore=0.25&topK=7"],
  [{ settings: { ...PAYLOAD.settings, nms: "hard" } }, "nms=hard"],
  [{ pin: { ...NOWHERE, topLeft: 0, bottomRight: 2 } }, "pin=0-2"],
  [{ pin: { ...NOWHERE, topLeft: 1 } }, "pin=1-"],
  [{ pin: { ...NOWHERE, bottomRight: 1 } }, "pin=-1"],
  [{ pin: { ...NOWHERE, cell: [19, 14] } }, "cell=19-14"],
  [{ label: 1 }, "label=star"],
  [{ label: 2 }, "label=%24%7Bheart%7D"],
  [{ side: "bottomRight" }, "side=bottomRight"],
  [{ fallen: "order" }, "fallen=order"],
  [{ stop: "pooling" }, "stop=pooling"],
  [{ projector: true, predict: true }, "projector=1&predict=1"],
  [{ large: "matrix" }, "large=matrix"],
  [{ tab: "compare" }, "tab=compare"],
  [{ tab: "camera" }, "tab=camera"],
  [{ tab: "truth" }, "tab=truth"],
])) {
  test(`there and back: ${words}`, () => {
    const state = { ...FRESH, ...change };
    const query = writeView(PAYLOAD, state);
    assert.equal(query, `example=2&model=shapes&${words}`);
    assert.deepEqual({ ...FRESH, ...readView(query, PAYLOAD, FRESH) }, state);
  });
}

for (const query of [
  "minScore=2",
  "minScore=-0.1",
  "minScore=x",
  "minScore=",
  "minScore=NaN",
  "topK=7.5",
  "topK=201",
  "topK=0x10",
  "peakWindow=4",
  "maxPairs=5", // has no control
  "nms=soft",
  "pin=3-0",
  "pin=3-3",
  "pin=-",
  "pin=0",
  "pin=-1-2",
  "pin=1e0-0",
  "cell=20-0",
  "cell=0-15",
  "label=dog",
  "label=1",
  "side=left",
  "fallen=cells",
  "stop=nowhere",
  "projector=yes",
  "tab=cellar",
  "large=funnel", // cannot be
  "model=coco&pin=0-0",
  "__proto__=1&constructor=2",
]) {
  test(`ignored: ${query}`, () => {
    const read = { ...FRESH, ...readView(query, PAYLOAD, FRESH) };
    assert.deepEqual(read, FRESH);
  });
}

test("a view sets back what it does not name, but not the modes of the page", () => {
  const before = {
    ...FRESH,
    settings: { ...FRESH.settings, minScore: 0.9 },
    label: 1,
    projector: true,
    stop: "pooling",
  };
  const read = { ...before, ...readView("example=2&topK=9", PAYLOAD, before) };
  assert.deepEqual(read, { ...FRESH, settings: { ...FRESH.settings, topK: 9 }, projector: true, stop: "pooling" });
  assert.equal(readView("projector=0", PAYLOAD, before).projector, false);
});

for (const [value, step, wanted] of /** @type {[number, number, boolean][]} */ ([
  [NaN, 1, false],
  [0, 1, false],
  [1, 2, true],
  [2, 2, false],
  [3, 2, true],
  [11, 2, true],
  [12, 1, false],
  [1.234, 0.01, true],
])) {
  test(`on offer from 1 to 11 in steps of ${step}: ${value}`, () => {
    const range = /** @type {const} */ ({ name: "topK", label: "", minimum: 1, maximum: 11, step });
    assert.equal(isOnOffer(value, range), wanted);
  });
}
