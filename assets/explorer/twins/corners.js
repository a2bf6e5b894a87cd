/** Corners with exact numbers, and which of them are peaks: the twin of Python's `find_peaks`. */

/**
 * @typedef {object} Corners  Columns of numbers, by id.
 * @property {number} count
 * @property {Int32Array} label
 * @property {Float64Array} x  The corner's exact place, in cells: cell + offset.
 * @property {Float64Array} y
 * @property {Float64Array} score
 * @property {Float64Array} embedding
 * @property {Int32Array} window
 */

/** @type {WeakMap<import("../types.js").CornerColumns, Corners>} */
const known = new WeakMap();

/**
 * Read the columns of a payload, once. The network's values are single precision, whatever the
 * number of digits in which they travelled; all that is computed from them is double.
 * @param {import("../types.js").CornerColumns} columns
 * @returns {Corners}
 */
export function cornersOf(columns) {
  const read = known.get(columns);
  if (read) return read;
  const count = columns.score.length;
  /** @type {Corners} */
  const corners = {
    count,
    label: Int32Array.from(columns.label),
    x: new Float64Array(count),
    y: new Float64Array(count),
    score: Float64Array.from(columns.score, Math.fround),
    embedding: Float64Array.from(columns.embedding, Math.fround),
    window: Int32Array.from(columns.window),
  };
  for (let id = 0; id < count; id++) {
    corners.x[id] = columns.x[id] + Math.fround(columns.offsetX[id]);
    corners.y[id] = columns.y[id] + Math.fround(columns.offsetY[id]);
  }
  known.set(columns, corners);
  return corners;
}

/**
 * Why a corner is no peak at these settings, or null if it is one. Ties are in the order of ids.
 * @typedef {"window" | "score" | "topK"} Absence
 */

/**
 * Find the peaks: local maxima that score enough, the best `topK` of them. Give their ids.
 * @param {Corners} corners
 * @param {import("../types.js").Settings} settings
 */
export function findPeaks(corners, settings) {
  const ids = new Int32Array(Math.min(settings.topK, corners.count));
  let found = 0;
  for (let id = 0; id < corners.count && found < ids.length; id++) {
    if (failsAlone(corners, id, settings) === null) ids[found++] = id;
  }
  return ids.slice(0, found);
}

/**
 * Count the local maxima that reach the least corner score. Between the scores that Python counted for it
 * is exact as long as fewer corners reach it than are sent; else it is a lower limit.
 * @param {import("../types.js").CornerColumns} columns
 * @param {import("../types.js").Settings} settings
 * @param {import("../types.js").Vocabulary["limits"]} limits
 * @returns {{count: number, isLeast: boolean}}
 */
export function countAbove(columns, { peakWindow, minCornerScore }, { topK, scoresPerUnit }) {
  const counts = columns.countsAbove[peakWindow];
  const least = Math.fround(minCornerScore);
  const step = counts.findIndex((_, k) => Math.fround(k / scoresPerUnit) >= least);
  if (step >= 0 && Math.fround(step / scoresPerUnit) === least) return { count: counts[step], isLeast: false };
  const { window, score } = cornersOf(columns);
  const known = score.filter((value, id) => window[id] >= peakWindow && value >= least).length;
  return known < topK ? { count: known, isLeast: false } : { count: Math.max(known, counts[step] ?? 0), isLeast: true };
}

/**
 * Tell why a corner can be no peak, whatever the others are.
 * @param {Corners} corners
 * @param {number} id
 * @param {import("../types.js").Settings} settings
 * @returns {Exclude<Absence, "topK"> | null}
 */
function failsAlone(corners, id, settings) {
  if (corners.window[id] < settings.peakWindow) return "window";
  // Python compares in single precision here: scores are, and the threshold becomes so.
  return corners.score[id] >= Math.fround(settings.minCornerScore) ? null : "score";
}

/**
 * Tell why a corner is not among the peaks; null if it is.
 * @param {Corners} corners
 * @param {number} id
 * @param {Int32Array} peaks
 * @param {import("../types.js").Settings} settings
 * @returns {Absence | null}
 */
export function absence(corners, id, peaks, settings) {
  return peaks.includes(id) ? null : (failsAlone(corners, id, settings) ?? "topK");
}
