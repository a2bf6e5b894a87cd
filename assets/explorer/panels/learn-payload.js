/** A moment of a training as the explorer's payload: one scene, as the network sees it by then. */

/**
 * @typedef {object} SeenCorner  Its peaks in columns, the best first, and its heat over all categories.
 * @property {string} heat  A grey picture, a pixel a cell.
 * @property {number[]} label
 * @property {number[]} x
 * @property {number[]} y
 * @property {number[]} offsetX
 * @property {number[]} offsetY
 * @property {number[]} score
 * @property {number[]} embedding
 *
 * @typedef {object} SeenScene
 * @property {SeenCorner} topLeft
 * @property {SeenCorner} bottomRight
 * @property {[number, number][]} embeddings  At the true corners of each object: top-left, bottom-right.
 *
 * @typedef {{steps: number, seconds: number, losses: Record<string, number>, ap50: number | null}} Point
 * @typedef {Point & {scenes: SeenScene[]}} Moment
 *
 * @typedef {object} Fact  What stays of a scene.
 * @property {string} picture
 * @property {number} width
 * @property {number} height
 * @property {{boxes: number[][], labels: number[]}} truth
 * @property {import("../types.js").Frame} frame
 * @property {{width: number, height: number}} cells
 *
 * @typedef {object} View  What the tab shows.
 * @property {any} base  What of a payload is the same for every scene and moment.
 * @property {Fact[]} facts
 * @property {Moment | null} moment
 * @property {Point[]} points  Of the curves.
 * @property {number} scene  Which one is shown large.
 * @property {number} turn  Counts trainings: what belongs to an earlier one is dropped.
 */

const COUNTED = 51; // scores of `countsAbove`

/**
 * Make the payload of a scene; null before there is one.
 * @param {View} view
 * @param {number} scene
 * @returns {import("../types.js").Payload | null}
 */
export function payloadOf({ base, facts, moment, turn }, scene) {
  const seen = moment?.scenes[scene];
  const fact = facts[scene];
  if (!moment || !seen || !fact || !base) return null;
  const { width, height, picture, truth, frame, cells } = fact;
  const { peakWindow } = base.settings;
  const image = { url: picture, width, height };
  return {
    ...base,
    ...{ key: `${turn}-${moment.steps}-${scene}`, image, canvas: image, truth, frame, cells },
    topLeft: columnsOf(seen.topLeft, peakWindow),
    bottomRight: columnsOf(seen.bottomRight, peakWindow),
  };
}

/** @param {SeenCorner} seen @param {number} window @returns {import("../types.js").CornerColumns} */
function columnsOf({ heat, ...columns }, window) {
  const reached = Array.from({ length: COUNTED }, (_, k) => columns.score.filter((score) => score >= k / 100).length);
  return {
    ...columns,
    window: columns.score.map(() => window),
    countsAbove: { [window]: reached },
    heatmaps: { url: heat, names: [-1] },
  };
}
