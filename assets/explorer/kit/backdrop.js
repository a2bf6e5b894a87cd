/** The network's input as a background: sharp, in colour or grey, in units of cells. */
import { makeCanvas } from "./dom.js";

/** @typedef {import("../types.js").App} App */
/** @typedef {"colour" | "grey" | "dark"} Look */

const LONGEST = 1024; // pixels of the kept copies
const DIMMED = 0.4; // brightness of the dark copy
const LABEL = 11; // CSS pixels, of the word in a margin
/** @type {WeakMap<object, Map<Look, HTMLCanvasElement>>} */
const kept = new WeakMap();

/**
 * Draw the network's input over all cells.
 * @param {CanvasRenderingContext2D} context
 * @param {App} app
 * @param {number} scale  Pixels per cell.
 * @param {Look} look  Dark is for heat.
 */
export function drawInput(context, app, scale, look) {
  const { width, height } = app.payload.cells;
  context.imageSmoothingEnabled = true;
  context.drawImage(backdropOf(app, look), 0, 0, width * scale, height * scale);
  context.imageSmoothingEnabled = false;
  labelPadding(context, app, scale);
}

/**
 * Write "padding" into the margins that are wide enough for it.
 * @param {CanvasRenderingContext2D} context
 * @param {App} app
 * @param {number} scale  Pixels per cell.
 */
function labelPadding(context, app, scale) {
  context.save();
  context.font = `${LABEL}px system-ui, sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineWidth = 3;
  context.strokeStyle = "rgb(0 0 0 / 70%)";
  context.fillStyle = "#ffffff";
  for (const [x1, y1, x2, y2] of marginsOf(app.payload).map((margin) => margin.map((side) => side * scale))) {
    const isUpright = y2 - y1 > x2 - x1;
    const [long, short] = isUpright ? [y2 - y1, x2 - x1] : [x2 - x1, y2 - y1];
    if (short < LABEL + 2 || long < 5 * LABEL) continue;
    context.save();
    context.translate((x1 + x2) / 2, (y1 + y2) / 2);
    if (isUpright) context.rotate(-Math.PI / 2);
    context.strokeText("padding", 0, 0);
    context.fillText("padding", 0, 0);
    context.restore();
  }
  context.restore();
}

/**
 * Find the margins around the image on the network's input, as x1, y1, x2, y2 in cells: above, below, left, right.
 * @param {import("../types.js").Payload} payload
 * @returns {[number, number, number, number][]}
 */
export function marginsOf({ cells, frame, image }) {
  const [left, top] = frame.shift.map((shift, k) => shift / frame.ratio[k]);
  const right = left + (image.width * frame.scale[0]) / frame.ratio[0];
  const bottom = top + (image.height * frame.scale[1]) / frame.ratio[1];
  return [
    [left, 0, right, top],
    [left, bottom, right, cells.height],
    [0, 0, left, cells.height],
    [right, 0, cells.width, cells.height],
  ];
}

/** Make each look when it is first drawn. @param {App} app @param {Look} look @returns {HTMLCanvasElement} */
function backdropOf(app, look) {
  const looks = kept.get(app.pictures) ?? new Map();
  kept.set(app.pictures, looks);
  const before = looks.get(look);
  if (before) return before;
  const picture =
    look === "colour" ? paintInput(app) : greyCopy(backdropOf(app, "colour"), look === "dark" ? DIMMED : 1);
  looks.set(look, picture);
  return picture;
}

/** Lay the given image, which is sharper, over the network's input, which has the margins. @param {App} app */
function paintInput(app) {
  const { frame, image, cells } = app.payload;
  const network = [cells.width * frame.ratio[0], cells.height * frame.ratio[1]];
  const zoom = Math.min(Math.max(1, 1 / frame.scale[0]), LONGEST / Math.max(...network));
  const { canvas, context } = makeCanvas(Math.round(network[0] * zoom), Math.round(network[1] * zoom));
  context.drawImage(app.pictures.canvas, 0, 0, canvas.width, canvas.height);
  const place = [frame.shift[0], frame.shift[1], image.width * frame.scale[0], image.height * frame.scale[1]];
  const [x, y, width, height] = place.map((length) => length * zoom);
  context.drawImage(app.pictures.image, x, y, width, height);
  return canvas;
}

/**
 * Blend colours away, then darken: many times quicker than a loop over pixels.
 * @param {HTMLCanvasElement} picture
 * @param {number} brightness
 */
function greyCopy(picture, brightness) {
  const { canvas, context } = makeCanvas(picture.width, picture.height);
  context.drawImage(picture, 0, 0);
  const level = Math.round(255 * brightness);
  for (const [blend, colour] of /** @type {const} */ ([
    ["saturation", "#000000"],
    ["multiply", `rgb(${level} ${level} ${level})`],
  ])) {
    context.globalCompositeOperation = blend;
    context.fillStyle = colour;
    context.fillRect(0, 0, canvas.width, canvas.height);
  }
  return canvas;
}
