/** Small payloads for tests. */
import { readFileSync } from "node:fs";

/**
 * @typedef {{label?: number, x: number, y: number, score?: number, embedding?: number, window?: number, offset?: [number, number]}} Corner
 */

/** @type {import("../../assets/explorer/types.js").Settings} */
export const SETTINGS = {
  topK: 100,
  peakWindow: 3,
  minCornerScore: 0,
  maxEmbeddingDistance: 0.5,
  minScore: 0.3,
  maxPairs: 1000,
  maxDetections: 100,
  nms: "gaussian",
  nmsSigma: 0.5,
  nmsIou: 0.5,
};

/** As Python sends it; a test holds the file to that. @type {import("../../assets/explorer/types.js").Vocabulary} */
export const VOCABULARY = JSON.parse(readFileSync(new URL("vocabulary.json", import.meta.url), "utf-8"));

const KINDS = VOCABULARY.nms.map(({ name }) => name);

/** Fewer and fewer for 0, 0.01, ... 0.5. @param {number} most */
const counts = (most) => Array.from({ length: 51 }, (_, k) => Math.round(most / (1 + k)));

/**
 * Set corners, the best first, in columns.
 * @param {Corner[]} corners
 * @returns {import("../../assets/explorer/types.js").CornerColumns}
 */
export function columnsOf(corners) {
  return {
    label: corners.map((c) => c.label ?? 0),
    x: corners.map((c) => c.x),
    y: corners.map((c) => c.y),
    offsetX: corners.map((c) => c.offset?.[0] ?? 0),
    offsetY: corners.map((c) => c.offset?.[1] ?? 0),
    score: corners.map((c) => c.score ?? 1),
    embedding: corners.map((c) => c.embedding ?? 0),
    window: corners.map((c) => c.window ?? 11),
    countsAbove: { 1: counts(5000), 3: counts(400), 5: counts(90) },
    heatmaps: { url: "", names: [] },
  };
}

/**
 * Make a payload of an image of 80 x 60 px with a px to each of 20 x 15 cells' quarters.
 * @param {Corner[]} topLeft
 * @param {Corner[]} bottomRight
 * @returns {import("../../assets/explorer/types.js").Payload}
 */
export function payloadOf(topLeft, bottomRight) {
  return {
    key: "test",
    model: "shapes",
    footer: "",
    source: "example=2",
    hint: null,
    samePlaceIou: 0.9,
    note: "",
    pooling: { name: "corner pooling", note: "" },
    knows: "knows 3 kinds of things: circle, star, ${heart}",
    knowsMore: false,
    categories: ["circle", "star", "${heart}"],
    colours: ["#0072b2", "#d55e00", "#009e73"],
    image: { url: "", width: 80, height: 60 },
    originalPerShown: [1, 1],
    canvas: { url: "", width: 80, height: 60 },
    frame: { ratio: [4, 4], shift: [0, 0], scale: [1, 1] },
    cells: { width: 20, height: 15 },
    cellsInAll: 900,
    topLeft: columnsOf(topLeft),
    bottomRight: columnsOf(bottomRight),
    features: { url: "", names: [] },
    settings: { ...SETTINGS },
    ranges: [
      { name: "minScore", label: "Least score", hint: "", minimum: 0, maximum: 1, step: 0.01, nms: KINDS },
      { name: "topK", label: "Corners of a kind", hint: "", minimum: 1, maximum: 200, step: 1, nms: KINDS },
      { name: "peakWindow", label: "Peak window", hint: "", minimum: 1, maximum: 11, step: 2, nms: KINDS },
    ],
    vocabulary: VOCABULARY,
    truth: null,
    ribbon: [],
    texts: {},
    input: "",
    tour: [],
    answers: [],
  };
}

/**
 * Give numbers from 0 to 1, the same for the same seed (mulberry32).
 * @param {number} seed
 */
export function randomOf(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * Scatter corners of three categories over the cells, the best first.
 * @param {number} seed
 * @param {number} count  Of each kind.
 */
export function randomPayload(seed, count) {
  const random = randomOf(seed);
  const some = () =>
    Array.from({ length: count }, () => ({
      label: Math.floor(random() * 3),
      x: Math.floor(random() * 20),
      y: Math.floor(random() * 15),
      score: random(),
      embedding: random() * 2,
      window: 1 + 2 * Math.floor(random() * 5),
      offset: /** @type {[number, number]} */ ([random(), random()]),
    })).sort((a, b) => b.score - a.score);
  return payloadOf(some(), some());
}
