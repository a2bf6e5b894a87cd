/** The line of embeddings at the true corners: whether an object's two meet, and objects keep apart. */
import { make, makeBoard, setText, themeColour } from "../kit/dom.js";
import { axisOf, placeOn, ticksOf } from "../kit/embedding-axis.js";
import { drawDot } from "../kit/marks.js";

/** @typedef {import("./learn-payload.js").View} View */

const HEIGHT = 150; // CSS pixels
const MARGIN = 22;
const AWAY = 26; // of dots from the line

/** @param {View} view @param {() => void} redraw @returns {import("../types.js").Panel} */
export function createTrueLine(view, redraw) {
  const label = "Line of embeddings at the true corners of the scene: top-left above, bottom-right below.";
  const board = makeBoard({ label, width: 600, height: HEIGHT, onResize: redraw });
  const readout = make("p", { class: "cn-readout cn-two-lines" });
  const words = () => wordsOf(embeddingsOf(view), view.base?.settings.maxEmbeddingDistance ?? 0.5);
  function draw() {
    const width = board.canvas.clientWidth || board.width;
    if (width !== board.width) board.resize(width, HEIGHT); // units are CSS pixels
    board.paint((context) => paint(context, view, width));
    setText(readout, words());
  }
  return { element: make("div", {}, board.canvas, readout), draw, caption: words };
}

/** @param {View} view @returns {[number, number][]} */
function embeddingsOf({ moment, scene }) {
  return moment?.scenes[scene]?.embeddings ?? [];
}

/** @param {CanvasRenderingContext2D} context @param {View} view @param {number} width */
function paint(context, view, width) {
  const pairs = embeddingsOf(view);
  const axis = axisOf(pairs.flat(), view.base?.settings.maxEmbeddingDistance ?? 0.5, MARGIN, width - MARGIN);
  const middle = HEIGHT / 2;
  context.font = "12px system-ui, sans-serif";
  context.fillStyle = themeColour("--cn-soft");
  context.fillRect(axis.left, middle - 0.75, axis.right - axis.left, 1.5);
  [context.textAlign, context.textBaseline] = ["center", "bottom"];
  for (const { value, words } of ticksOf(axis, Math.max(2, width / 70))) {
    context.fillRect(placeOn(axis, value) - 0.75, middle - 4, 1.5, 8);
    context.fillText(words, placeOn(axis, value), HEIGHT - 2);
  }
  pairs.forEach(([first, second], k) => {
    const colour = view.base.colours[view.facts[view.scene].truth.labels[k]];
    const [from, to] = [placeOn(axis, first), placeOn(axis, second)];
    context.strokeStyle = colour;
    context.lineWidth = 2.5;
    context.beginPath();
    context.moveTo(from, middle - AWAY);
    context.lineTo(to, middle + AWAY);
    context.stroke();
    drawDot(context, from, middle - AWAY, 6, colour);
    drawDot(context, to, middle + AWAY, 6, colour);
  });
}

/** @param {[number, number][]} pairs @param {number} allowed */
function wordsOf(pairs, allowed) {
  if (!pairs.length) return "";
  const within = pairs.reduce((sum, [a, b]) => sum + Math.abs(a - b), 0) / pairs.length;
  const means = pairs.map(([a, b]) => (a + b) / 2).sort((a, b) => a - b);
  const gaps = means.slice(1).map((value, k) => value - means[k]);
  const between = gaps.length
    ? `the nearest two objects are ${Math.min(...gaps).toFixed(2)} apart`
    : "there is one object only";
  const own = `An object's two corners are ${within.toFixed(2)} apart on average`;
  return `${own}; ${between}. Allowed in a pair: ${allowed}.`;
}
