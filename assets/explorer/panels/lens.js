/** The offset lens: from a whole cell to the corner's exact place, and what that is worth. */
import { drawInput } from "../kit/backdrop.js";
import { chosenPair } from "../kit/chosen.js";
import { SIDE_COLOURS } from "../kit/colours.js";
import { SIDES } from "../twins/sides.js";
import { make, makeBoard, setRich, setText } from "../kit/dom.js";
import { placeOf } from "../twins/geometry.js";
import { drawArrow, drawDot, drawElbow } from "../kit/marks.js";
import { boxesOf, boxWords, drawBoxes } from "./lens-boxes.js";
import { offsetWords, wayWords, worstWords } from "./lens-way.js";

/** @typedef {import("../types.js").App} App */
/** @typedef {import("../types.js").Side} Side */

const CELLS = 3; // across the lens
const ROUGH = "#ffffff"; // the upper left of a cell

/** @param {App} app @returns {import("../types.js").Panel} */
export function createLens(app) {
  const lenses = SIDES.map((side) => makeLens(app, side));
  const board = makeBoard({
    label: "The box with offsets, and without them in dashes",
    width: 1,
    height: 1,
    onResize: () => app.redraw(),
  });
  const numbers = make("p", { class: "cn-readout cn-three-lines" });
  const ways = SIDES.map(() => make("li", {}));
  const worst = make("p", { class: "cn-readout" });
  const below = make("figcaption", {}, "");
  const figure = make("figure", {}, board.canvas, below);
  const element = make(
    "div",
    { class: "cn-lens" },
    make("div", { class: "cn-three" }, ...lenses.map((lens) => lens.element), figure),
    make("ul", { class: "cn-ways" }, ...ways),
    worst,
    numbers,
  );

  function draw() {
    const pair = pairToShow(app);
    for (const lens of lenses) lens.draw(pair[lens.side]);
    SIDES.forEach((side, k) => {
      const id = pair[side];
      setRich(ways[k], id === null ? "" : wayWords(app.payload, side, id));
    });
    setRich(worst, worstWords(app.payload));
    const boxes = boxesOf(app, pair);
    setText(below, boxes ? "box with offsets; dashed without" : "no whole pair is pinned");
    setRich(numbers, boxes ? boxWords(app, pair, boxes) : "");
    board.paint((context, scale) => {
      context.fillStyle = "#101014";
      context.fillRect(0, 0, scale, scale);
      if (boxes) drawBoxes(context, app, boxes, scale);
    });
  }
  const caption = () => [...ways, worst, numbers].map((words) => words.textContent).join(" ");
  return { element, draw, caption };
}

/** The pair pointed at, else the one looked at. @param {App} app */
function pairToShow(app) {
  const { hover } = app.state;
  return hover && hover.topLeft !== null && hover.bottomRight !== null ? hover : chosenPair(app);
}

/** @param {App} app @param {Side} side */
function makeLens(app, side) {
  const board = makeBoard({
    label: "", // comes with the payload, which names the side
    width: CELLS,
    height: CELLS,
    onResize: () => app.redraw(),
  });
  const title = make("figcaption", {}, "");
  const element = make("figure", {}, board.canvas, title);

  /** @param {number | null} id */
  function draw(id) {
    const kind = `${app.payload.vocabulary.sides[side]} corner`;
    board.canvas.setAttribute("aria-label", `The cell of the ${kind}, magnified`);
    setText(title, id === null ? `no ${kind}` : cellWords(app, side, id));
    board.paint((context, scale) => {
      context.fillStyle = "#101014";
      context.fillRect(0, 0, CELLS * scale, CELLS * scale);
      if (id !== null) drawCells(context, app, side, id, scale);
    });
  }
  return { side, element, draw };
}

/** @param {App} app @param {Side} side @param {number} id */
function cellWords({ payload }, side, id) {
  const { x, y } = payload[side];
  const place = `cell (${x[id]}, ${y[id]}) + offset ${offsetWords(payload, side, id)} cells`;
  return `${payload.vocabulary.sides[side]}: ${place}`;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {App} app
 * @param {Side} side
 * @param {number} id
 * @param {number} scale
 */
function drawCells(context, app, side, id, scale) {
  const cell = placeOf(app.payload[side], id, false);
  const first = cell.map((place) => place - (CELLS - 1) / 2);
  context.save();
  context.beginPath();
  context.rect(0, 0, CELLS * scale, CELLS * scale);
  context.clip();
  context.translate(-first[0] * scale, -first[1] * scale);
  drawInput(context, app, scale, "colour");
  context.restore();
  for (const [ink, width] of /** @type {[string, number][]} */ ([
    ["rgb(0 0 0 / 45%)", 3],
    ["rgb(255 255 255 / 80%)", 1],
  ])) {
    context.strokeStyle = ink;
    context.lineWidth = width;
    context.beginPath();
    for (let line = 1; line < CELLS; line++) {
      context.moveTo(line * scale, 0);
      context.lineTo(line * scale, CELLS * scale);
      context.moveTo(0, line * scale);
      context.lineTo(CELLS * scale, line * scale);
    }
    context.stroke();
  }
  const [from, to] = [cell, placeOf(app.payload[side], id)].map(
    (place) => /** @type {[number, number]} */ (place.map((v, k) => (v - first[k]) * scale)),
  );
  drawElbow(context, side, to[0], to[1], 0.8 * scale);
  drawDot(context, from[0], from[1], 5, ROUGH);
  drawArrow(context, from, to, SIDE_COLOURS[side], 10);
}
