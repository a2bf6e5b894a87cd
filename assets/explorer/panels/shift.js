/** The shift strip: the image moves by single pixels, the best cell jumps, the offset makes up for it. */
import { chosenCorner, isSameCorner, makeQuestion } from "../kit/chosen.js";
import { drawInput } from "../kit/backdrop.js";
import { SIDE_COLOURS, paintMap } from "../kit/colours.js";
import { make, makeBoard, setText } from "../kit/dom.js";
import { drawArrow, drawCell, drawDot, stroke } from "../kit/marks.js";
import { expectedPlace, placeOfStep, stepWords, verdictWords } from "./shift-words.js";

/** @typedef {import("../types.js").App} App */
/** @typedef {import("../answer-types.js").Shifted} Shifted */
/** @typedef {import("../types.js").Side} Side */
/** @typedef {import("../kit/chosen.js").Corner} Corner */

const STEPS = 4;
const SENT = 9; // cells across a crop as it comes
const CELLS = 5; // as it is shown: three pixels are less than a cell
const HALF = (CELLS - 1) / 2;
const CUT = (SENT - CELLS) / 2;

/** @param {App} app @returns {import("../types.js").Panel} */
export function createShiftStrip(app) {
  const ask = /** @type {ReturnType<typeof makeQuestion<Shifted[]>>} */ (makeQuestion(app, "shift"));
  /** @type {{key: string, corner: Corner} | null} */
  let wanted = null; // pressing the button asks for this corner of this payload
  const button = /** @type {HTMLButtonElement} */ (
    make("button", { type: "button", class: "cn-button", onclick: start }, "Move the image by 0, 1, 2, 3 pixels")
  );
  const readout = make("p", { class: "cn-readout", "aria-live": "polite" });
  const crops = Array.from({ length: STEPS }, () => makeCrop(app));
  const element = make(
    "div",
    { class: "cn-shift" },
    make("div", { class: "cn-row" }, button),
    make("div", { class: "cn-four" }, ...crops.map((crop) => crop.element)),
    readout,
  );

  function start() {
    const corner = chosenCorner(app);
    wanted = corner && { key: app.payload.key, corner };
    app.redraw();
  }

  function draw() {
    const corner = chosenCorner(app);
    const isWanted = wanted !== null && wanted.key === app.payload.key && isSameCorner(wanted.corner, corner);
    const reply = corner && isWanted ? ask(corner) : null;
    const refusal = corner ? app.refusal("shift", corner) : "";
    button.hidden = refusal !== "";
    button.disabled = !corner || (reply !== null && !reply.problem);
    const steps = reply?.answer ?? [];
    crops.forEach((crop, k) => crop.draw(corner?.side ?? "topLeft", steps, k));
    setText(readout, refusal || words(app, corner, reply));
  }
  return {
    element,
    draw,
    caption: () => [...crops.map((crop) => crop.caption()), readout.textContent].filter(Boolean).join(" · "),
  };
}

/**
 * @param {App} app
 * @param {Corner | null} corner
 * @param {import("../kit/chosen.js").Reply<Shifted[]> | null} reply
 */
function words(app, corner, reply) {
  if (!corner) return "There is no corner to follow.";
  const { x, y, label } = app.payload[corner.side];
  const cell = `${x[corner.id]}, ${y[corner.id]}`;
  const kind = app.payload.vocabulary.sides[corner.side];
  const name = `${app.payload.categories[label[corner.id]]}, ${kind} corner in cell ${cell}`;
  if (!reply) return `Will follow: ${name}.`;
  if (reply.problem) return reply.problem;
  if (!reply.answer) return "Running the network on four moved images ...";
  return `${name}: ${verdictWords(app.payload.frame, reply.answer)}`;
}

/** @param {App} app */
function makeCrop(app) {
  const board = makeBoard({
    label: "Scores around the corner",
    width: CELLS,
    height: CELLS,
    onResize: () => app.redraw(),
  });
  const title = make("strong", {}, "");
  const numbers = make("span", {}, "");
  const element = make("figure", {}, board.canvas, make("figcaption", { class: "cn-stack" }, title, numbers));

  /** @param {Side} side @param {Shifted[]} steps @param {number} which */
  function draw(side, steps, which) {
    const step = steps[which];
    setText(title, `moved by ${step ? step.shift : which} network px`);
    setText(numbers, step ? stepWords(app.payload.frame, steps, step) : "");
    board.paint((context, scale) => {
      context.clearRect(0, 0, CELLS * scale, CELLS * scale);
      const corner = chosenCorner(app);
      if (step) drawStep(context, app, { side, steps, step }, scale);
      else if (corner) drawMoved(context, app, corner, { by: which, scale });
    });
  }
  return { element, draw, caption: () => (numbers.textContent ? `${title.textContent}: ${numbers.textContent}` : "") };
}

/**
 * Show what the network will be given: the image moved, and the cell that the corner is in now.
 * @param {CanvasRenderingContext2D} context
 * @param {App} app
 * @param {Corner} corner
 * @param {{by: number, scale: number}} shown  Network pixels.
 */
function drawMoved(context, app, { side, id }, { by, scale }) {
  const { x, y } = app.payload[side];
  const { ratio } = app.payload.frame;
  const first = [x[id] - HALF, y[id] - HALF];
  context.save();
  context.translate((by / ratio[0] - first[0]) * scale, (by / ratio[1] - first[1]) * scale);
  drawInput(context, app, scale, "colour");
  context.restore();
  drawCell(context, scale, [HALF, HALF], "#ffffff");
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {App} app
 * @param {{side: Side, steps: Shifted[], step: Shifted}} shown
 * @param {number} scale
 */
function drawStep(context, app, { side, steps, step }, scale) {
  const first = [steps[0].x - HALF, steps[0].y - HALF]; // every crop lies around the cell of the image at rest
  const rows = step.heat.slice(CUT, CUT + CELLS);
  const heat = rows.flatMap((row) => row.slice(CUT, CUT + CELLS));
  const map = paintMap(heat, CELLS, CELLS, { colours: "inferno", high: 1 });
  context.drawImage(map, 0, 0, CELLS * scale, CELLS * scale);
  const cell = /** @type {[number, number]} */ ([step.x - first[0], step.y - first[1]]);
  drawCell(context, scale, cell, "#ffffff");
  const { frame } = app.payload;
  const inCells = (/** @type {[number, number]} */ place) =>
    /** @type {[number, number]} */ (place.map((v, k) => (v / frame.ratio[k] - first[k]) * scale));
  const [place, expected] = [inCells(placeOfStep(frame, step)), inCells(expectedPlace(frame, steps, step))];
  stroke(context, "#009e73", 2, () => context.arc(...expected, 7, 0, 2 * Math.PI));
  const corner = /** @type {[number, number]} */ ([cell[0] * scale, cell[1] * scale]);
  drawArrow(context, corner, place, SIDE_COLOURS[side], 8);
  drawDot(context, ...place, 2.5, SIDE_COLOURS[side]);
}
