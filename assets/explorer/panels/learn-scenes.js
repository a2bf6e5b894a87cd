/** The scenes that a learning network is shown, with what it finds in each; a click shows one large. */
import { make, makeBoard, themeColour } from "../kit/dom.js";
import { loadPicture } from "../kit/maps.js";
import { outline } from "../kit/marks.js";
import { boxOf } from "../twins/candidates.js";
import { decide } from "../twins/decide.js";
import { payloadOf } from "./learn-payload.js";

/** @typedef {import("./learn-payload.js").View} View */

const SCENES = 4;

/** @param {View} view  Its scene is changed. @param {() => void} redraw @returns {import("../types.js").Panel} */
export function createScenes(view, redraw) {
  const boards = Array.from({ length: SCENES }, (_, scene) => makeSceneBoard(view, scene, redraw));
  const buttons = boards.map(({ canvas }, scene) => {
    const onclick = () => {
      view.scene = scene;
      redraw();
    };
    const look = { type: "button", class: "cn-learn-scene", "aria-label": `Scene ${scene + 1}`, onclick };
    return make("button", look, canvas);
  });
  function draw() {
    buttons.forEach((button, scene) => button.setAttribute("aria-pressed", String(scene === view.scene)));
    for (const board of boards) board.draw();
  }
  return { element: make("div", { class: "cn-learn-scenes" }, ...buttons), draw };
}

/** @param {View} view @param {number} scene @param {() => void} redraw */
function makeSceneBoard(view, scene, redraw) {
  const board = makeBoard({ label: `Scene ${scene + 1}, and what is found`, width: 1, height: 1, onResize: redraw });
  /** @type {{url: string, image: HTMLImageElement | null}} */
  const loaded = { url: "", image: null };
  async function draw() {
    const payload = payloadOf(view, scene);
    if (!payload) return;
    if (loaded.url !== payload.image.url) {
      loaded.url = payload.image.url;
      loaded.image = await loadPicture(loaded.url);
      board.resize(payload.image.width, payload.image.height);
    }
    const { image } = loaded;
    if (image) board.paint((context, scale) => paint(context, payload, image, scale));
  }
  return { canvas: board.canvas, draw };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {import("../types.js").Payload} payload
 * @param {HTMLImageElement} image
 * @param {number} scale
 */
function paint(context, payload, image, scale) {
  const { width, height } = payload.image;
  context.drawImage(image, 0, 0, width * scale, height * scale);
  context.strokeStyle = themeColour("--cn-cross");
  const decision = decide(payload, payload.settings);
  for (const found of decision.detections) {
    const box = boxOf(decision, found).map((v) => v * scale);
    outline(context, box, payload.colours[decision.candidates.labels[found]], 2);
  }
}
