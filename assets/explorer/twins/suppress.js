/** Overlap and non-maximum suppression of boxes: the twin of Python's `suppress`. */

/**
 * Give the intersection over union of two boxes (x1, y1, x2, y2) in flat arrays; 0 if both are empty.
 * @param {ArrayLike<number>} first
 * @param {number} i  Which box of the first array.
 * @param {ArrayLike<number>} second
 * @param {number} j
 */
export function iou(first, i, second, j) {
  const a = 4 * i;
  const b = 4 * j;
  const width = Math.min(first[a + 2], second[b + 2]) - Math.max(first[a], second[b]);
  const height = Math.min(first[a + 3], second[b + 3]) - Math.max(first[a + 1], second[b + 1]);
  if (!(width > 0 && height > 0)) return 0;
  const intersection = width * height;
  const union = area(first, a) + area(second, b) - intersection;
  return union > 0 ? intersection / Math.max(union, 1e-12) : 0;
}

/**
 * @param {ArrayLike<number>} boxes
 * @param {number} at
 */
function area(boxes, at) {
  return Math.max(boxes[at + 2] - boxes[at], 0) * Math.max(boxes[at + 3] - boxes[at + 1], 0);
}

/**
 * Give what a box's score is multiplied with by a better box of its category.
 * @param {number} overlap  IoU.
 * @param {import("../types.js").Settings} settings
 */
export function decay(overlap, settings) {
  if (settings.nms === "gaussian") return Math.exp(-(overlap * overlap) / settings.nmsSigma);
  if (settings.nms === "linear") return overlap > settings.nmsIou ? 1 - overlap : 1;
  if (settings.nms === "hard") return overlap > settings.nmsIou ? 0 : 1;
  return 1;
}

/**
 * @typedef {object} Suppression
 * @property {Float64Array} scores  After all decays.
 * @property {Int32Array} strongest  The box whose decay was the heaviest; -1 for none.
 * @property {Float64Array} strongestFactor
 */

/**
 * Take the best remaining box, lower the others of its category, and repeat. Of equal scores the
 * earlier box comes first. Categories do not meet, so each is done by itself.
 * @param {Float64Array} boxes  x1, y1, x2, y2 of each.
 * @param {Float64Array} given  Scores.
 * @param {Int32Array} labels
 * @param {import("../types.js").Settings} settings
 * @returns {Suppression}
 */
export function suppress(boxes, given, labels, settings) {
  /** @type {Suppression} */
  const result = {
    scores: Float64Array.from(given),
    strongest: new Int32Array(given.length).fill(-1),
    strongestFactor: new Float64Array(given.length).fill(1),
  };
  if (settings.nms === "none") return result;
  /** @type {Map<number, number[]>} */
  const groups = new Map();
  labels.forEach((label, k) => {
    const group = groups.get(label);
    if (group) group.push(k);
    else groups.set(label, [k]);
  });
  for (const group of groups.values()) suppressGroup(boxes, Int32Array.from(group), settings, result);
  return result;
}

/**
 * @param {Float64Array} boxes
 * @param {Int32Array} group  Boxes of one category, in order.
 * @param {import("../types.js").Settings} settings
 * @param {Suppression} result  Is changed.
 */
function suppressGroup(boxes, group, settings, { scores, strongest, strongestFactor }) {
  for (let count = group.length; count > 0; count--) {
    let at = 0;
    for (let k = 1; k < count; k++) if (scores[group[k]] > scores[group[at]]) at = k;
    const best = group[at];
    group.copyWithin(at, at + 1, count);
    for (let k = 0; k < count - 1; k++) {
      const other = group[k];
      const factor = decay(iou(boxes, best, boxes, other), settings);
      if (factor === 1) continue;
      scores[other] *= factor;
      if (factor < strongestFactor[other]) {
        strongest[other] = best;
        strongestFactor[other] = factor;
      }
    }
  }
}
