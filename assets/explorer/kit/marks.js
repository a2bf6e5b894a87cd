/** Marks on pictures, in CSS pixels: each with a rim, so that it shows on any ground. */
import { SIDE_COLOURS } from "./colours.js";

const RIM = "rgb(0 0 0 / 70%)";

/**
 * Stroke a path twice, rim first.
 * @param {CanvasRenderingContext2D} context
 * @param {string} colour
 * @param {number} width
 * @param {() => void} trace  Describes the path.
 */
export function stroke(context, colour, width, trace) {
  for (const [ink, thickness] of /** @type {[string, number][]} */ ([
    [RIM, width + 2],
    [colour, width],
  ])) {
    context.beginPath();
    trace();
    context.strokeStyle = ink;
    context.lineWidth = thickness;
    context.stroke();
  }
}

/**
 * Draw a corner as two short edges of its box.
 * @param {CanvasRenderingContext2D} context
 * @param {import("../types.js").Side} side
 * @param {number} x
 * @param {number} y
 * @param {number} arm
 */
export function drawElbow(context, side, x, y, arm) {
  const way = side === "topLeft" ? arm : -arm;
  stroke(context, SIDE_COLOURS[side], 3, () => {
    context.moveTo(x + way, y);
    context.lineTo(x, y);
    context.lineTo(x, y + way);
  });
}

/**
 * Draw an arrow.
 * @param {CanvasRenderingContext2D} context
 * @param {[number, number]} from
 * @param {[number, number]} to
 * @param {string} colour
 * @param {number} [head]  Length of its head.
 */
export function drawArrow(context, from, to, colour, head = 9) {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  const angle = Math.atan2(to[1] - from[1], to[0] - from[0]);
  const side = Math.min(head, length);
  stroke(context, colour, 2.5, () => {
    context.moveTo(...from);
    context.lineTo(...to);
    for (const turn of [-0.5, 0.5]) {
      context.moveTo(...to);
      context.lineTo(to[0] - side * Math.cos(angle + turn), to[1] - side * Math.sin(angle + turn));
    }
  });
}

/**
 * Outline a cell.
 * @param {CanvasRenderingContext2D} context
 * @param {number} scale
 * @param {[number, number]} cell
 * @param {string} colour
 */
export function drawCell(context, scale, [x, y], colour) {
  const grown = Math.max(scale, 5);
  const shift = (grown - scale) / 2;
  stroke(context, colour, 2, () => context.rect(x * scale - shift, y * scale - shift, grown, grown));
}

/**
 * Draw a disc.
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 * @param {string} colour
 */
export function drawDot(context, x, y, radius, colour) {
  stroke(context, colour, 1, () => context.arc(x, y, radius, 0, 2 * Math.PI));
  context.fillStyle = colour;
  context.fill();
}

/**
 * Outline a box, with a white rim.
 * @param {CanvasRenderingContext2D} context
 * @param {number[]} box  x1, y1, x2, y2.
 * @param {string} colour
 * @param {number} width
 */
export function outline(context, [x1, y1, x2, y2], colour, width) {
  context.strokeStyle = "#ffffff";
  context.lineWidth = width + 2;
  context.strokeRect(x1, y1, x2 - x1, y2 - y1);
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.strokeRect(x1, y1, x2 - x1, y2 - y1);
}
