import assert from "node:assert/strict";
import { test } from "node:test";
import { DETECTION } from "../../assets/explorer/twins/verdicts.js";
import { absence, cornersOf, countAbove, findPeaks } from "../../assets/explorer/twins/corners.js";
import { decide } from "../../assets/explorer/twins/decide.js";
import { boxOfCorners } from "../../assets/explorer/twins/geometry.js";
import { decay, suppress } from "../../assets/explorer/twins/suppress.js";
import { SETTINGS, payloadOf, randomPayload } from "./payloads.js";

/** @typedef {import("../../assets/explorer/types.js").Settings} Settings */

const AT = { x: 2, y: 2 };
const FAR = { x: 10, y: 10 };

/** The verdicts' letters, row by row. @param {import("../../assets/explorer/types.js").Decision} decision */
const letters = (decision) => Array.from(decision.verdicts, (verdict) => "COEsnK"[verdict]).join("");

for (const [what, topLeft, bottomRight, change, wanted] of /** @type {const} */ ([
  ["no corner at all", [], [], {}, ""],
  ["corners of one kind only", [AT], [], {}, ""],
  ["a pair", [AT], [FAR], {}, "K"],
  ["other category", [AT], [{ ...FAR, label: 1 }], {}, "C"],
  ["category comes before order", [FAR], [{ ...AT, label: 1 }], {}, "C"],
  ["to the left", [AT], [{ x: 1, y: 10 }], {}, "O"],
  ["above", [AT], [{ x: 10, y: 1 }], {}, "O"],
  ["one point is in order", [AT], [AT], {}, "K"],
  ["order comes before distance", [FAR], [{ ...AT, embedding: 9 }], {}, "O"],
  ["at the distance allowed", [AT], [{ ...FAR, embedding: 0.5 }], {}, "K"],
  ["beyond it", [AT], [{ ...FAR, embedding: 0.5000001 }], {}, "E"],
  ["mean score at the least", [{ ...AT, score: 0.25 }], [{ ...FAR, score: 0.75 }], { minScore: 0.5 }, "K"],
  ["mean score below", [{ ...AT, score: 0.25 }], [{ ...FAR, score: 0.5 }], { minScore: 0.5 }, "s"],
  ["no boxes wanted", [AT], [FAR], { maxDetections: 0 }, "n"],
  ["two on one box, gaussian", [AT], [FAR, { ...FAR, score: 0.9 }], {}, "Kn"],
  ["two on one box, none", [AT], [FAR, { ...FAR, score: 0.9 }], { nms: "none" }, "KK"],
  ["the second pair does not go on", [AT], [FAR, { x: 15, y: 14, score: 0.9 }], { maxPairs: 1 }, "Kn"],
])) {
  test(`verdicts: ${what}`, () => {
    const payload = payloadOf([...topLeft], [...bottomRight]);
    assert.equal(letters(decide(payload, { ...SETTINGS, ...change })), wanted);
  });
}

for (const [what, corners, change, wanted] of /** @type {const} */ ([
  ["none", [], {}, []],
  ["all", [AT, FAR], {}, [0, 1]],
  ["the best", [AT, FAR], { topK: 1 }, [0]],
  [
    "those of the window",
    [
      { ...AT, window: 1 },
      { ...FAR, window: 3 },
    ],
    {},
    [1],
  ],
  [
    "those with score",
    [
      { ...AT, score: 0.5 },
      { ...FAR, score: 0.4 },
    ],
    { minCornerScore: 0.5 },
    [0],
  ],
  // 0.1 in single precision is more than 0.1, and the threshold becomes single as well.
  ["at the least score", [{ ...AT, score: Math.fround(0.1) }], { minCornerScore: 0.1 }, [0]],
  ["just below it", [{ ...AT, score: 0.09999999 }], { minCornerScore: 0.1 }, []],
])) {
  test(`peaks: ${what}`, () => {
    const settings = { ...SETTINGS, ...change };
    const found = cornersOf(payloadOf([...corners], []).topLeft);
    const peaks = findPeaks(found, settings);
    assert.deepEqual([...peaks], wanted);
    for (let id = 0; id < found.count; id++) {
      assert.equal(absence(found, id, peaks, settings) === null, peaks.includes(id));
    }
  });
}

test("boxes are clipped to the image, through offsets, padding and scale", () => {
  const payload = payloadOf([{ x: 1, y: 1, offset: [0.5, 0.25] }], [{ x: 19, y: 14, offset: [0.5, 0.5] }]);
  payload.frame = { ratio: [4, 4], shift: [2, 6], scale: [0.5, 0.5] };
  assert.deepEqual(boxOfCorners(payload, 0, 0), [8, 0, 80, 60]);
});

/**
 * Decide by the definition, with plain lists.
 * @param {import("../../assets/explorer/types.js").Payload} payload
 * @param {Settings} settings
 */
function slowly(payload, settings) {
  const side = (/** @type {"topLeft" | "bottomRight"} */ name) => {
    const c = payload[name];
    return c.score
      .map((_, id) => ({
        id,
        label: c.label[id],
        x: c.x[id] + Math.fround(c.offsetX[id]),
        y: c.y[id] + Math.fround(c.offsetY[id]),
        score: Math.fround(c.score[id]),
        embedding: Math.fround(c.embedding[id]),
        window: c.window[id],
      }))
      .filter((p) => p.window >= settings.peakWindow && p.score >= Math.fround(settings.minCornerScore))
      .slice(0, settings.topK);
  };
  const clip = (/** @type {number} */ v, /** @type {number} */ most) => Math.min(most, Math.max(0, v));
  const boxes = [];
  for (const a of side("topLeft")) {
    for (const b of side("bottomRight")) {
      const isClose = Math.abs(a.embedding - b.embedding) <= settings.maxEmbeddingDistance;
      if (a.label !== b.label || b.x < a.x || b.y < a.y || !isClose) continue;
      const box = [clip(a.x * 4, 80), clip(a.y * 4, 60), clip(b.x * 4, 80), clip(b.y * 4, 60)];
      boxes.push({ pair: `${a.id}-${b.id}`, label: a.label, box, before: (a.score + b.score) / 2, score: 0 });
    }
  }
  const best = boxes.sort((a, b) => b.before - a.before).slice(0, settings.maxPairs);
  for (const box of best) box.score = box.before;
  const waiting = [...best];
  while (waiting.length) {
    const top = waiting.reduce((a, b) => (b.score > a.score ? b : a));
    waiting.splice(waiting.indexOf(top), 1);
    for (const other of waiting.filter((o) => o.label === top.label)) {
      const [p, q] = [top.box, other.box];
      const w = Math.max(0, Math.min(p[2], q[2]) - Math.max(p[0], q[0]));
      const h = Math.max(0, Math.min(p[3], q[3]) - Math.max(p[1], q[1]));
      const union = (p[2] - p[0]) * (p[3] - p[1]) + (q[2] - q[0]) * (q[3] - q[1]) - w * h;
      const o = union > 0 ? (w * h) / union : 0;
      if (settings.nms === "gaussian") other.score *= Math.exp(-(o ** 2) / settings.nmsSigma);
      if (settings.nms === "linear" && o > settings.nmsIou) other.score *= 1 - o;
      if (settings.nms === "hard" && o > settings.nmsIou) other.score = 0;
    }
  }
  const ranked = [...best].sort((a, b) => b.score - a.score).slice(0, settings.maxDetections);
  return { best, detections: ranked.filter((b) => b.score >= settings.minScore) };
}

for (const [seed, change] of /** @type {[number, Partial<Settings>][]} */ ([
  [1, {}],
  [2, { minScore: 0, maxEmbeddingDistance: 3 }],
  [3, { nms: "linear", nmsIou: 0.3, minCornerScore: 0.4, minScore: 0.55 }],
  [4, { nms: "hard", nmsIou: 0.1, topK: 20, peakWindow: 5, minScore: 0.05 }],
  [5, { nms: "none", maxPairs: 7, maxDetections: 3, minScore: 0.1 }],
])) {
  test(`all is as by the definition: seed ${seed}`, () => {
    const [payload, settings] = [randomPayload(seed, 60), { ...SETTINGS, ...change }];
    const [decision, slow] = [decide(payload, settings), slowly(payload, settings)];
    const { candidates, topLeft, bottomRight } = decision;
    const pairAt = (/** @type {number} */ k) =>
      `${topLeft[candidates.topLeft[k]]}-${bottomRight[candidates.bottomRight[k]]}`;
    assert.ok(slow.best.length > 3);
    assert.deepEqual(
      Array.from(candidates.scores, (_, k) => pairAt(k)),
      slow.best.map((b) => b.pair),
    );
    assert.deepEqual(
      [...candidates.boxes],
      slow.best.flatMap((b) => b.box),
    );
    assert.deepEqual(
      [...candidates.scores],
      slow.best.map((b) => b.before),
    );
    candidates.finalScores.forEach((score, k) => assert.ok(Math.abs(score - slow.best[k].score) < 1e-15));
    assert.deepEqual(
      Array.from(decision.detections, pairAt),
      slow.detections.map((b) => b.pair),
    );
    assert.equal(decision.verdicts.filter((v) => v === DETECTION).length, slow.detections.length);
    assert.deepEqual(decision.settings, settings);
  });
}

test("the funnel counts each step, and never grows after the pairs", () => {
  const payload = randomPayload(7, 80);
  const decision = decide(payload, { ...SETTINGS, peakWindow: 3, minCornerScore: 0.2 });
  const counts = Object.fromEntries(decision.funnel.map((step) => [step.name, step.count]));
  const tally = [0, 0, 0, 0, 0, 0];
  for (const verdict of decision.verdicts) tally[verdict]++;
  const all = decision.topLeft.length * decision.bottomRight.length;
  assert.equal(counts.cells, 1800);
  assert.equal(counts.maxima, 800);
  assert.equal(counts.cornerScore, 2 * 19); // 400 / 21
  assert.equal(counts.topK, decision.topLeft.length + decision.bottomRight.length);
  assert.equal(counts.pairs, all);
  assert.equal(counts.category, all - tally[0]);
  assert.equal(counts.order, all - tally[0] - tally[1]);
  assert.equal(counts.distance, all - tally[0] - tally[1] - tally[2]);
  assert.equal(counts.score, tally[4] + tally[5]);
  assert.equal(counts.boxes, tally[5]);
  assert.ok(counts.suppression <= counts.score && counts.boxes <= counts.suppression);
});

test("suppression: of equal scores the earlier box comes first, and other categories are left alone", () => {
  const boxes = new Float64Array([0, 0, 4, 4, 0, 0, 4, 4, 0, 0, 4, 4]);
  const settings = /** @type {Settings} */ ({ ...SETTINGS, nms: "hard" });
  const after = suppress(boxes, new Float64Array([0.5, 0.5, 0.5]), new Int32Array([0, 0, 1]), settings);
  assert.deepEqual([...after.scores], [0.5, 0, 0.5]);
  assert.deepEqual([...after.strongest], [-1, 0, -1]);
  assert.deepEqual([...after.strongestFactor], [1, 0, 1]);
});

for (const [nms, overlap, wanted] of /** @type {const} */ ([
  ["none", 1, 1],
  ["gaussian", 0, 1],
  ["gaussian", 1, Math.exp(-2)],
  ["linear", 0.5, 1],
  ["linear", 0.75, 0.25],
  ["hard", 0.5, 1],
  ["hard", 0.51, 0],
])) {
  test(`decay: ${nms} at an IoU of ${overlap}`, () => {
    assert.equal(decay(overlap, { ...SETTINGS, nms }), wanted);
  });
}

for (const [minCornerScore, enough, wanted] of /** @type {[number, number, {count: number, isLeast: boolean}][]} */ ([
  [0, 2, { count: 400, isLeast: false }],
  [0.07, 2, { count: 50, isLeast: false }], // counted by Python: 400 / 8
  [0.5, 2, { count: 8, isLeast: false }],
  [0.405, 2, { count: 10, isLeast: true }], // between two counts, the lower: 400 / 42
  [0.405, 4, { count: 3, isLeast: false }], // fewer than are surely sent, so those are all
  [0.75, 4, { count: 1, isLeast: false }],
  [0.75, 1, { count: 1, isLeast: true }],
])) {
  test(`maxima with a score of ${minCornerScore}, ${enough} corners being sent`, () => {
    const scores = [0.9, 0.7, 0.7, 0.1];
    const { topLeft } = payloadOf(
      [...scores.map((score) => ({ ...AT, score, window: 3 })), { ...AT, score: 0.8, window: 1 }].sort(
        (a, b) => b.score - a.score,
      ),
      [],
    );
    assert.deepEqual(
      countAbove(topLeft, { ...SETTINGS, minCornerScore }, { topK: enough, scoresPerUnit: 100 }),
      wanted,
    );
  });
}
