/** The box of a pair with offsets and without them, beside the true one. */
import { drawInput } from "../kit/backdrop.js";
import { SIDE_COLOURS } from "../kit/colours.js";
import { outline } from "../kit/marks.js";
import { bestOverlap, boxBetween, placeOf, pxToCell } from "../twins/geometry.js";
import { asShown } from "../twins/numbers.js";
import { iou } from "../twins/suppress.js";

/** @typedef {import("../types.js").App} App */
/** @typedef {import("../twins/geometry.js").Box} Box */

const MARGIN = 0.18; // of the box's longer side, around it

/**
 * @param {App} app
 * @param {{topLeft: number | null, bottomRight: number | null}} pair
 * @returns {{exact: Box, rough: Box} | null}
 */
export function boxesOf(app, { topLeft, bottomRight }) {
  if (topLeft === null || bottomRight === null) return null;
  const { frame, image } = app.payload;
  const [exact, rough] = [true, false].map((isExact) =>
    boxBetween(
      frame,
      image,
      placeOf(app.payload.topLeft, topLeft, isExact),
      placeOf(app.payload.bottomRight, bottomRight, isExact),
    ),
  );
  return { exact, rough };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {App} app
 * @param {{exact: Box, rough: Box}} boxes
 * @param {number} scale
 */
export function drawBoxes(context, app, { exact, rough }, scale) {
  const { frame } = app.payload;
  const [x1, y1, x2, y2] = [0, 1, 2, 3].map((k) => (k < 2 ? Math.min : Math.max)(exact[k], rough[k]));
  const side = Math.max(x2 - x1, y2 - y1, 1) * (1 + 2 * MARGIN);
  const zoom = scale / side;
  const left = (x1 + x2 - side) / 2;
  const top = (y1 + y2 - side) / 2;
  const [cellX, cellY] = pxToCell(frame, left, top);
  const perCell = (zoom * frame.ratio[0]) / frame.scale[0];
  context.save();
  context.translate(-cellX * perCell, (-cellY * zoom * frame.ratio[1]) / frame.scale[1]);
  drawInput(context, app, perCell, "colour");
  context.restore();
  const place = (/** @type {Box} */ box) => box.map((v, k) => (v - (k % 2 ? top : left)) * zoom);
  outline(context, place(exact), SIDE_COLOURS.topLeft, 2);
  context.setLineDash([5, 4]);
  outline(context, place(rough), "#1c1e24", 1.5);
  context.setLineDash([]);
}

/** @param {App} app @param {{topLeft: number | null}} pair @param {{exact: Box, rough: Box}} boxes */
export function boxWords(app, pair, { exact, rough }) {
  const between = `Box with and without offsets: IoU **${iou(exact, 0, rough, 0).toFixed(3)}**.`;
  const { truth } = app.payload;
  if (!truth || pair.topLeft === null) return between;
  const label = app.payload.topLeft.label[pair.topLeft];
  const same = truth.boxes.filter((_, k) => truth.labels[k] === label);
  const best = bestOverlap(exact, same);
  if (best.index < 0) return `${between} No true box of this category overlaps it.`;
  const without = iou(rough, 0, same[best.index], 0);
  const change = asShown(best.iou, 3) - asShown(without, 3);
  const worth =
    Math.abs(change) < 0.0005
      ? "no difference"
      : `${change < 0 ? "a loss" : "a gain"} of ${Math.abs(change).toFixed(3)}`;
  const both = `**${best.iou.toFixed(3)}** with offsets, **${without.toFixed(3)}** without`;
  return `${between} With the true box: ${both}, ${worth}.`;
}
