import assert from "node:assert/strict";
import { test } from "node:test";
import { bestPartner, factsOf } from "../../assets/explorer/twins/corner-facts.js";
import { decide } from "../../assets/explorer/twins/decide.js";
import { explain } from "../../assets/explorer/twins/explain.js";
import { fallenAt } from "../../assets/explorer/twins/fallen.js";
import { atLeast, atMost, counted, fixed } from "../../assets/explorer/twins/numbers.js";
import { describeTests } from "../../assets/explorer/panels/test-words.js";
import { absenceSentence, sentence } from "../../assets/explorer/twins/words.js";
import { SETTINGS, payloadOf, randomPayload } from "./payloads.js";

/** @typedef {import("../../assets/explorer/types.js").Settings} Settings */

const [, ORDER, EMBEDDING, WEAK, SUPPRESSED, DETECTION] = [0, 1, 2, 3, 4, 5];
const AT = { x: 2, y: 2 };
const FAR = { x: 10, y: 10 };

for (const [what, topLeft, bottomRight, change, wanted] of /** @type {const} */ ([
  ["other category", AT, { ...FAR, label: 1 }, {}, "No threshold can make this a box: the corners' categories differ."],
  [
    "above and left",
    FAR,
    AT,
    {},
    "No threshold can make this a box: the bottom-right corner lies above and left of the top-left one.",
  ],
  [
    "too far apart",
    AT,
    { ...FAR, embedding: 0.825 },
    {},
    "Kept at an embedding threshold of 0.825, with a score of 1.000.",
  ],
  [
    "too far apart and weak",
    { ...AT, score: 0.25 },
    { ...FAR, score: 0.25, embedding: 0.75 },
    {},
    "An embedding threshold of 0.750 would let it pass, but its score of 0.250 stays below 0.3.",
  ],
  [
    "too far apart and one too many",
    AT,
    { ...FAR, embedding: 0.75 },
    { maxDetections: 0 },
    "An embedding threshold of 0.750 would let it pass, but it is not among the best boxes that are kept (max_detections).",
  ],
  [
    "weak",
    { ...AT, score: 0.25 },
    { ...FAR, score: 0.25 },
    { minScore: 0.32 },
    "Would need 0.070 more score; kept from a least score of 0.250 down.",
  ],
  [
    "a detection",
    AT,
    { ...FAR, embedding: 0.25 },
    {},
    "Stays down to an embedding threshold of 0.250, or up to a least score of 1.000.",
  ],
])) {
  test(`sentence: ${what}`, () => {
    const payload = payloadOf([topLeft], [bottomRight]);
    const settings = /** @type {Settings} */ ({ ...SETTINGS, ...change });
    assert.equal(sentence(explain(payload, decide(payload, settings), 0, 0)), wanted);
  });
}

test("a suppressed pair names its suppressor and the factor", () => {
  const payload = payloadOf([AT], [FAR, { ...FAR, score: 0.5 }]);
  const found = explain(payload, decide(payload, SETTINGS), 0, 1);
  const { suppression } = found.tests;
  assert.equal(found.verdict, SUPPRESSED);
  assert.deepEqual(suppression.suppressor, [0, 0]);
  assert.equal(suppression.factor, Math.exp(-2));
  assert.equal(suppression.score, 0.75 * Math.exp(-2));
  assert.equal(suppression.passed, false);
  assert.match(
    sentence(found),
    /^The box of top-left corner 0 and bottom-right corner 0 suppresses it to 0.101; kept from a least score of 0.101 down.$/,
  );
});

/**
 * Check what a change of a threshold is said to do, by doing it.
 * @param {import("../../assets/explorer/types.js").Payload} payload
 * @param {Settings} settings
 */
function checkAll(payload, settings) {
  const seen = [0, 0, 0, 0, 0, 0];
  const decision = decide(payload, settings);
  const columns = decision.bottomRight;
  const verdictWith = (/** @type {Partial<Settings>} */ change, /** @type {number} */ place) =>
    decide(payload, { ...settings, ...change }).verdicts[place];
  decision.verdicts.forEach((verdict, place) => {
    if (seen[verdict]++ > 15) return;
    const ids = [decision.topLeft[Math.floor(place / columns.length)], columns[place % columns.length]];
    const found = explain(payload, decision, ids[0], ids[1]);
    const { tests, counterfactual: change } = found;
    assert.equal(found.verdict, verdict);
    const first = [tests.category, tests.order, tests.embedding].findIndex((one) => !one.passed);
    assert.equal(first, verdict <= EMBEDDING ? verdict : -1);
    assert.equal(tests.embedding.margin, tests.embedding.threshold - tests.embedding.distance);
    if (verdict <= ORDER) {
      assert.ok(Object.values(change).every((one) => one === null));
      return;
    }
    if (verdict === EMBEDDING) {
      const threshold = /** @type {number} */ (change.maxEmbeddingDistance);
      assert.equal(verdictWith({ maxEmbeddingDistance: threshold }, place), change.verdictThen);
      assert.equal(verdictWith({ maxEmbeddingDistance: threshold - 1e-9 }, place), EMBEDDING);
      return;
    }
    if (change.minScore !== null) {
      assert.equal(verdictWith({ minScore: change.minScore }, place), DETECTION);
      assert.notEqual(verdictWith({ minScore: change.minScore + 1e-9 }, place), DETECTION);
    }
    if (verdict === WEAK) assert.equal(change.missingScore, settings.minScore - tests.score.score);
    if (verdict !== DETECTION) return;
    const smallest = /** @type {number} */ (change.maxEmbeddingDistance);
    assert.equal(verdictWith({ maxEmbeddingDistance: smallest }, place), DETECTION);
    assert.notEqual(verdictWith({ maxEmbeddingDistance: smallest - 1e-9 }, place), DETECTION);
  });
  return seen;
}

test("changes do what they say, and no less does", () => {
  const seen = checkAll(randomPayload(11, 50), { ...SETTINGS, minScore: 0.45, minCornerScore: 0.2 });
  assert.ok(
    seen.every((count) => count > 0),
    String(seen),
  );
  checkAll(randomPayload(12, 50), { ...SETTINGS, nms: "hard", nmsIou: 0.2, maxPairs: 12, maxDetections: 5 });
});

for (const [absent, corner, change, wanted] of /** @type {const} */ ([
  [
    "window",
    { ...AT, window: 1 },
    {},
    "This top-left corner is the maximum of a window of 1 x 1 cells, but not of 3 x 3.",
  ],
  [
    "score",
    { ...AT, score: 0.25 },
    { minCornerScore: 0.5 },
    "This top-left corner has a score of 0.250, below the least corner score of 0.5.",
  ],
  [
    "topK",
    { ...AT, score: 0.75 },
    { topK: 2 },
    "This top-left corner is not among the best 2; it would be from a top-k of 4 on.",
  ],
])) {
  test(`a corner that is no peak: ${absent}`, () => {
    const others = [AT, AT, AT, { ...AT, window: 1 }];
    const payload = payloadOf([...others, corner], [FAR]);
    const decision = decide(payload, { ...SETTINGS, ...change });
    const facts = factsOf(payload, decision, "topLeft", 4);
    assert.equal(facts.absent, absent);
    assert.equal(facts.partner, null);
    assert.equal(absenceSentence(facts, decision.settings, payload.vocabulary.sides), wanted);
    const found = explain(payload, decision, 4, 0);
    assert.deepEqual([found.topLeft, found.verdict, found.absent], [-1, null, { topLeft: absent, bottomRight: null }]);
    assert.equal(found.tests.order.passed, true);
    assert.equal(sentence(found), "");
  });
}

test("a corner's partner is the one with which it came furthest", () => {
  const bottomRight = [
    { ...FAR, label: 1 },
    { ...FAR, embedding: 2 },
    { ...FAR, score: 0.8, embedding: 1 },
  ];
  const far = payloadOf([AT], bottomRight);
  assert.equal(bestPartner(far, decide(far, SETTINGS), "topLeft", 0), 2);
  const near = payloadOf([AT], [...bottomRight, { ...FAR, score: 0.7 }]);
  assert.equal(bestPartner(near, decide(near, SETTINGS), "topLeft", 0), 3);
  assert.equal(bestPartner(near, decide(near, SETTINGS), "bottomRight", 3), 0);
  const alone = payloadOf([AT], []);
  assert.equal(bestPartner(alone, decide(alone, SETTINGS), "topLeft", 0), null);
});

test("what fell at each step is what the funnel lost there", () => {
  const payload = randomPayload(13, 12);
  const decision = decide(payload, { ...SETTINGS, topK: 8, minScore: 0.45, maxDetections: 2, peakWindow: 3 });
  assert.deepEqual(fallenAt(payload, decision, null).boxes, []);
  for (const [at, { name, count }] of decision.funnel.entries()) {
    const fallen = fallenAt(payload, decision, name);
    const lost = at === 0 || name === "pairs" ? 0 : decision.funnel[at - 1].count - count;
    assert.equal(fallen.count, lost, name);
    if (at > 4) assert.equal(fallen.pairs.length, Math.min(lost, 100), name);
    assert.equal(fallen.boxes.length, fallen.pairs.length);
  }
  const { corners } = fallenAt(payload, decision, "topK");
  assert.ok(corners.topLeft.every((id) => payload.topLeft.window[id] >= 3 && !decision.topLeft.includes(id)));
  const strict = decide(payload, { ...SETTINGS, minCornerScore: 0.6 });
  const weak = fallenAt(payload, strict, "cornerScore").corners.topLeft;
  assert.ok(weak.length > 0 && weak.every((id) => payload.topLeft.score[id] < 0.6 && payload.topLeft.window[id] >= 3));
  const low = fallenAt(payload, decision, "maxima").corners.bottomRight;
  assert.deepEqual(
    low,
    payload.bottomRight.window.flatMap((window, id) => (window < 3 ? [id] : [])),
  );
});

for (const [value, digits, wanted] of /** @type {[number, number, string][]} */ ([
  [0, 2, "0.00"],
  [0.125, 2, "0.12"], // a tie: to the even digit
  [0.375, 2, "0.38"],
  [12.625, 2, "12.62"],
  [0.03125, 4, "0.0312"],
  [0.1250001, 2, "0.13"],
  [1.005, 2, "1.00"],
])) {
  test(`rounded as in Python: ${value}`, () => assert.equal(fixed(value, digits), wanted));
}

test("numbers that must be enough are rounded up, those that must not be too much down", () => {
  assert.deepEqual([atLeast(0.07), atLeast(0.0701), atLeast(0)], ["0.070", "0.071", "0.000"]);
  assert.deepEqual([atMost(0.29), atMost(0.2999), atMost(0)], ["0.290", "0.299", "0.000"]);
  assert.deepEqual([0, 999, 1000, 1234567].map(counted), ["0", "999", "1,000", "1,234,567"]);
});

test("a pair's tests and its sentence show the same numbers", () => {
  const payload = payloadOf(
    [{ ...AT, score: 0.25171875 }],
    [
      { ...FAR, score: 0.25171875 },
      { ...FAR, embedding: 2.53515625 },
    ],
  );
  const decision = decide(payload, { ...SETTINGS, minScore: 0.32 });
  const numbers = (/** @type {number} */ id) =>
    describeTests(explain(payload, decision, 0, id)).map((row) => row.numbers);
  assert.equal(numbers(0)[3], "0.251 < 0.32: 0.069 short");
  assert.match(
    sentence(explain(payload, decision, 0, 0)),
    /need 0.069 more score; kept from a least score of 0.251 down/,
  );
  assert.equal(numbers(1)[2], "2.536 > 0.5: 2.036 too far");
});

test("a threshold that the slider does not reach says so", () => {
  const payload = payloadOf([AT], [{ ...FAR, embedding: 3.5 }]);
  const found = explain(payload, decide(payload, SETTINGS), 0, 0);
  assert.match(sentence(found, 3), /^Kept at an embedding threshold of 3.500 \(beyond the slider's 3\), with/);
  assert.match(sentence(found, 4), /^Kept at an embedding threshold of 3.500, with/);
});
