/** What the microscope looks at: which corner, channel, scan and cell, and what they say. */
import { asShown, fixed } from "../twins/numbers.js";
import { LOOKS } from "../twins/scan.js";
import { channelName } from "./channels.js";
import { makeScanView } from "./scan-view.js";

/** @typedef {import("../types.js").App} App */
/** @typedef {import("../answer-types.js").CornerAnswer} CornerAnswer */
/** @typedef {import("../answer-types.js").Scan} Scan */
/** @typedef {import("../twins/scan.js").Direction} Direction */
/** @typedef {import("../kit/cell-board.js").Cell} Cell */
/** @typedef {import("../kit/chosen.js").Reply<Scan>} AskedScan */

const WAYS = /** @type {const} */ (["vertical", "horizontal"]);

/**
 * @typedef {object} Look
 * @property {import("../kit/chosen.js").Corner | null} corner
 * @property {number | null} channel  Null: the one to open on.
 * @property {Direction | null} direction  Null: the one that brings the corner more.
 * @property {Cell | null} cell  Tapped or moved to by keys.
 * @property {{scan: Scan, directions: Record<Direction, import("./scan-view.js").ScanView>} | null} shown
 */

/** @type {WeakMap<CornerAnswer, number>} */
const openings = new WeakMap();

/**
 * Choose the channel to open on: much of it speaks for the corner, and the scan brings it from an edge elsewhere.
 * @param {App} app
 * @param {import("../kit/chosen.js").Corner} corner
 * @param {CornerAnswer} answer
 */
function openingOf({ payload }, { side, id }, answer) {
  const known = openings.get(answer);
  if (known !== undefined) return known;
  const { x, y } = payload[side];
  const index = y[id] * payload.cells.width + x[id];
  let [best, most] = [answer.channels[0], 0];
  for (const scan of answer.scans) {
    const brought = WAYS.map((way) => broughtTo(index, makeScanView(scan, payload.cells, side, way)));
    const worth = scan.contribution * Math.max(...brought);
    if (worth > most) [best, most] = [scan.channel, worth];
  }
  openings.set(answer, best);
  return best;
}

/**
 * Tell how much more a cell has after a scan than before, as a share of the most that the map has.
 * @param {number} index
 * @param {{before: ArrayLike<number>, after: ArrayLike<number>}} scan
 */
export function broughtTo(index, { before, after }) {
  const high = Array.from(before).reduce((most, value) => Math.max(most, value), 0);
  return high > 0 ? (after[index] - before[index]) / high : 0;
}

/**
 * Take the chosen channel from an answer, or ask for it.
 * @param {App} app
 * @param {Look} look
 * @param {CornerAnswer | null} answer
 * @param {(data: object) => AskedScan} ask
 * @returns {AskedScan}
 */
export function chooseScan(app, { corner, channel }, answer, ask) {
  if (!answer || !corner) return { answer: null, problem: "", isWaiting: true };
  const wanted = channel ?? openingOf(app, corner, answer);
  const ready = answer.scans.find((scan) => scan.channel === wanted);
  if (ready) return { answer: ready, problem: "", isWaiting: false };
  return ask({ side: corner.side, channel: wanted });
}

/**
 * Work out both scans of a channel, once.
 * @param {App} app
 * @param {Look} look  Is changed.
 * @param {Scan | null} scan
 */
export function prepare(app, look, scan) {
  if (look.shown?.scan === scan) return;
  look.shown = null;
  if (!scan || !look.corner) return;
  const { side } = look.corner;
  const view = (/** @type {Direction} */ way) => makeScanView(scan, app.payload.cells, side, way);
  look.shown = { scan, directions: { vertical: view("vertical"), horizontal: view("horizontal") } };
}

/**
 * Give the cell whose ray is drawn: pointed at anywhere, else held here, else the corner's.
 * @param {App} app
 * @param {Look} look
 * @returns {Cell}
 */
export function lookedAt(app, { corner, cell }) {
  if (!corner) return [0, 0];
  const { hover } = app.state;
  if (hover?.cell) return hover.cell;
  const id = hover?.[corner.side] ?? corner.id;
  const columns = app.payload[corner.side];
  return (id === corner.id && cell) || [columns.x[id], columns.y[id]];
}

/**
 * Tell what each scan brings to the corner's own cell.
 * @param {App} app
 * @param {Look} look
 * @returns {Record<Direction, number>}
 */
function atCorner(app, { corner, shown }) {
  if (!shown || !corner) return { vertical: 0, horizontal: 0 };
  const { x, y } = app.payload[corner.side];
  const index = y[corner.id] * app.payload.cells.width + x[corner.id];
  const { vertical, horizontal } = shown.directions;
  return { vertical: vertical.after[index], horizontal: horizontal.after[index] };
}

/** Give the direction that is shown. @param {App} app @param {Look} look @returns {Direction} */
export function directionOf(app, look) {
  const { vertical, horizontal } = atCorner(app, look);
  return look.direction ?? (horizontal > vertical ? "horizontal" : "vertical");
}

/** Say what both scans bring to the corner. @param {App} app @param {Look} look */
export function sumWords(app, look) {
  if (!look.shown || !look.corner) return "";
  const { side } = look.corner;
  const { vertical: first, horizontal: second } = atCorner(app, look);
  const looks = LOOKS[side];
  return (
    `${channelName(look.shown.scan)} at the ${app.payload.vocabulary.sides[side]} corner: ` +
    `looking ${looks.vertical} ${fixed(first, 2)} + looking ${looks.horizontal} ${fixed(second, 2)} = ` +
    `${(asShown(first) + asShown(second)).toFixed(2)}`
  );
}
