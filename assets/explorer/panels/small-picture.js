/** A small picture of the image and its boxes, which stays in sight while thresholds move or a step is looked at. */
import { makeCanvas } from "../kit/dom.js";
import { drawFallen, drawFocus, drawOutlines } from "./boxes-drawing.js";

/** @typedef {import("../types.js").App} App */

const SHARP = 2; // drawn at twice its size, so that its marks are half as large as those of the big picture
/** @type {WeakMap<object, Map<number, HTMLCanvasElement>>} */
const kept = new WeakMap();

/**
 * Make such a picture; it says nothing to those who cannot see it, whom the summary tells the same.
 * @param {App} app
 * @param {number} longest  CSS pixels of its longer side.
 */
export function makeSmallPicture(app, longest) {
  const { canvas, context } = makeCanvas(1, 1);
  canvas.className = "cn-small-picture";
  canvas.setAttribute("aria-hidden", "true");

  function draw() {
    const ground = groundOf(app, longest * SHARP);
    if (canvas.width !== ground.width || canvas.height !== ground.height) {
      [canvas.width, canvas.height] = [ground.width, ground.height];
    }
    const scale = ground.width / app.payload.image.width;
    context.drawImage(ground, 0, 0);
    drawFallen(context, app, scale);
    drawOutlines(context, app, scale);
    drawFocus(context, app, scale);
  }
  return { element: canvas, draw };
}

/**
 * Make the image small once: to make it so at each drawing takes too long.
 * @param {App} app
 * @param {number} longest  Pixels.
 * @returns {HTMLCanvasElement}
 */
function groundOf({ payload, pictures }, longest) {
  const sizes = kept.get(pictures) ?? new Map();
  kept.set(pictures, sizes);
  const before = sizes.get(longest);
  if (before) return before;
  const zoom = longest / Math.max(payload.image.width, payload.image.height);
  const [width, height] = [payload.image.width, payload.image.height].map((side) =>
    Math.max(1, Math.round(side * zoom)),
  );
  const { canvas, context } = makeCanvas(width, height);
  context.imageSmoothingQuality = "high";
  context.drawImage(pictures.image, 0, 0, width, height);
  sizes.set(longest, canvas);
  return canvas;
}
