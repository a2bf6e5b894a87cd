/** The way of the data as a row of small pictures with shapes; a click goes there. */
import { paintMap } from "../kit/colours.js";
import { boxOf } from "../twins/candidates.js";
import { SIDES } from "../twins/sides.js";
import { make, setText } from "../kit/dom.js";
import { SUPPRESSION } from "./terms.js";

const WIDTH = 88; // CSS pixels
const HEIGHT = 58;

/** @typedef {import("../types.js").App} App */

/** @param {App} app */
export function createRibbon(app) {
  const list = make("ol", { class: "cn-ribbon", "aria-label": "The way from pixels to boxes" });
  /** @type {{button: HTMLElement, canvas: HTMLCanvasElement, name: string}[]} */
  let items = [];

  /** @param {App} _ @param {import("../types.js").Changes} changes */
  function draw(_, changes) {
    if (changes.payload) build();
    if (changes.payload || changes.decision) for (const item of items) thumbnail(app, item);
  }
  function build() {
    const { ribbon } = app.payload;
    if (items.map((item) => item.name).join() !== ribbon.map((step) => step.name).join()) {
      items = ribbon.map((step) => makeItem(app, step.name));
      list.replaceChildren(...items.map((item) => make("li", {}, item.button)));
    }
    ribbon.forEach((step, k) => {
      setText(items[k].button.children[1], step.title);
      setText(items[k].button.children[2], step.chip);
    });
  }
  return { element: list, draw };
}

/** @param {App} app @param {string} name */
function makeItem(app, name) {
  const canvas = /** @type {HTMLCanvasElement} */ (
    make("canvas", { width: WIDTH * 2, height: HEIGHT * 2, "aria-hidden": "true" })
  );
  const button = make(
    "button",
    { type: "button", class: "cn-step", title: name === "suppression" && SUPPRESSION, onclick: () => app.show(name) },
    canvas,
    make("span", { class: "cn-step-title" }),
    make("span", { class: "cn-chip" }),
  );
  return { button, canvas, name };
}

/** @param {App} app @param {{canvas: HTMLCanvasElement, name: string}} item */
function thumbnail(app, { canvas, name }) {
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.fillStyle = "#101014";
  context.fillRect(0, 0, canvas.width, canvas.height);
  const { cells } = app.payload;
  const map = (/** @type {Uint8Array} */ values, /** @type {"inferno" | "viridis"} */ colours) =>
    paintMap(values, cells.width, cells.height, { colours });
  const half = canvas.width / 2;
  if (name === "features") fill(context, map(app.maps.features[0], "viridis"), 0, canvas.width);
  else if (name === "topLeft" || name === "bottomRight")
    fill(context, map(app.maps[name][0], "inferno"), 0, canvas.width);
  else if (name === "pooling")
    SIDES.forEach((_, k) =>
      fill(context, map(app.maps.features[k + 1] ?? app.maps.features[0], "viridis"), k * half, half),
    );
  else
    fill(
      context,
      name === "boxes" || name === "matrix" || name === "suppression" ? app.pictures.image : app.pictures.canvas,
      0,
      canvas.width,
    );
  if (name === "matrix") lines(context, app);
  if (name === "boxes" || name === "suppression") boxes(context, app);
}

/**
 * Draw a picture as large as fits its part.
 * @param {CanvasRenderingContext2D} context
 * @param {HTMLImageElement | HTMLCanvasElement} picture
 * @param {number} left
 * @param {number} width
 */
function fill(context, picture, left, width) {
  const { height } = context.canvas;
  const scale = Math.min(width / picture.width, height / picture.height);
  const size = [picture.width * scale, picture.height * scale];
  context.imageSmoothingEnabled = picture instanceof HTMLImageElement;
  context.drawImage(picture, left + (width - size[0]) / 2, (height - size[1]) / 2, size[0], size[1]);
}

/** @param {CanvasRenderingContext2D} context @param {App} app @param {(box: number[], colour: string) => void} draw */
function eachBox(context, app, draw) {
  const { image } = app.payload;
  const scale = Math.min(context.canvas.width / image.width, context.canvas.height / image.height);
  const [left, top] = [
    (context.canvas.width - image.width * scale) / 2,
    (context.canvas.height - image.height * scale) / 2,
  ];
  const { candidates, detections } = app.decision;
  for (const candidate of detections) {
    const [x1, y1, x2, y2] = boxOf(app.decision, candidate);
    draw(
      [left + x1 * scale, top + y1 * scale, left + x2 * scale, top + y2 * scale],
      app.payload.colours[candidates.labels[candidate]],
    );
  }
}

/** @param {CanvasRenderingContext2D} context @param {App} app */
function boxes(context, app) {
  context.lineWidth = 5;
  eachBox(context, app, ([x1, y1, x2, y2], colour) => {
    context.strokeStyle = colour;
    context.strokeRect(x1, y1, x2 - x1, y2 - y1);
  });
}

/** @param {CanvasRenderingContext2D} context @param {App} app */
function lines(context, app) {
  context.lineWidth = 4;
  eachBox(context, app, ([x1, y1, x2, y2], colour) => {
    context.strokeStyle = colour;
    context.beginPath();
    context.moveTo(x1, y1);
    context.lineTo(x2, y2);
    context.stroke();
  });
}
