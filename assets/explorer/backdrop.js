/** The network's input as a background: sharp, in colour or grey, in units of cells. */

/** @typedef {import("./types.js").App} App */
/** @typedef {{colour: HTMLCanvasElement, grey: HTMLCanvasElement, dark: HTMLCanvasElement}} Backdrop */

const LONGEST = 1024; // pixels of the kept copies
const DIMMED = 0.4; // brightness of the dark copy
/** @type {WeakMap<object, Backdrop>} */
const kept = new WeakMap();

/**
 * Draw the network's input over all cells.
 * @param {CanvasRenderingContext2D} context
 * @param {App} app
 * @param {number} scale  Pixels per cell.
 * @param {"colour" | "grey" | "dark"} look  Dark is for heat.
 */
export function drawInput(context, app, scale, look) {
  const { width, height } = app.payload.cells;
  context.imageSmoothingEnabled = true;
  context.drawImage(backdropOf(app)[look], 0, 0, width * scale, height * scale);
  context.imageSmoothingEnabled = false;
}

/** @param {App} app */
function backdropOf(app) {
  const before = kept.get(app.pictures);
  if (before) return before;
  const colour = paintInput(app);
  const backdrop = { colour, grey: greyCopy(colour, 1), dark: greyCopy(colour, DIMMED) };
  kept.set(app.pictures, backdrop);
  return backdrop;
}

/** Lay the given image, which is sharper, over the network's input, which has the margins. @param {App} app */
function paintInput(app) {
  const { frame, image, cells } = app.payload;
  const network = [cells.width * frame.ratio[0], cells.height * frame.ratio[1]];
  const zoom = Math.min(Math.max(1, 1 / frame.scale[0]), LONGEST / Math.max(...network));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = network.map((length) => Math.round(length * zoom));
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.drawImage(app.pictures.canvas, 0, 0, canvas.width, canvas.height);
  const place = [frame.shift[0], frame.shift[1], image.width * frame.scale[0], image.height * frame.scale[1]];
  const [x, y, width, height] = place.map((length) => length * zoom);
  context.drawImage(app.pictures.image, x, y, width, height);
  return canvas;
}

/** @param {HTMLCanvasElement} picture @param {number} brightness */
function greyCopy(picture, brightness) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [picture.width, picture.height];
  const context = /** @type {CanvasRenderingContext2D} */ (
    canvas.getContext("2d", { willReadFrequently: true })
  );
  context.drawImage(picture, 0, 0);
  const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
  const { data } = pixels;
  for (let k = 0; k < data.length; k += 4) {
    const grey = 0.299 * data[k] + 0.587 * data[k + 1] + 0.114 * data[k + 2];
    data.fill(brightness * grey, k, k + 3);
  }
  context.putImageData(pixels, 0, 0);
  return canvas;
}
