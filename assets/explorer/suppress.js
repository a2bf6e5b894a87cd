/** Overlap and non-maximum suppression of boxes: the twin of Python's `suppress`. */

/**
 * Give the intersection over union of two boxes (x1, y1, x2, y2) in flat arrays; 0 if both are empty.
 * @param {ArrayLike<number>} first
 * @param {number} i  Which box of the first array.
 * @param {ArrayLike<number>} second
 * @param {number} j
 */
export function iou(first, i, second, j) {
  const [a, b] = [4 * i, 4 * j];
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
 * @param {import("./types.js").Settings} settings
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
 * earlier box comes first.
 * @param {Float64Array} boxes  x1, y1, x2, y2 of each.
 * @param {Float64Array} given  Scores.
 * @param {Int32Array} labels
 * @param {import("./types.js").Settings} settings
 * @returns {Suppression}
 */
export function suppress(boxes, given, labels, settings) {
  const count = given.length;
  const scores = Float64Array.from(given);
  const strongest = new Int32Array(count).fill(-1);
  const strongestFactor = new Float64Array(count).fill(1);
  const isRemaining = new Uint8Array(count).fill(1);
  for (let turn = 0; turn < count && settings.nms !== "none"; turn++) {
    let best = -1;
    for (let k = 0; k < count; k++) {
      if (isRemaining[k] && (best < 0 || scores[k] > scores[best])) best = k;
    }
    isRemaining[best] = 0;
    for (let k = 0; k < count; k++) {
      if (!isRemaining[k] || labels[k] !== labels[best]) continue;
      const factor = decay(iou(boxes, best, boxes, k), settings);
      scores[k] *= factor;
      if (factor < strongestFactor[k]) {
        strongest[k] = best;
        strongestFactor[k] = factor;
      }
    }
  }
  return { scores, strongest, strongestFactor };
}
