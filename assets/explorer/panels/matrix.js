/** Every top-left corner with every bottom-right one: what became of each pair, by colour and letter. */
import { inkOn, makeBadge } from "../kit/badge.js";
import { chosenPair } from "../kit/chosen.js";
import { CATEGORY, SIDES, VERDICTS, rgbOf } from "../kit/colours.js";
import { make, makeBoard, setText, themeColour } from "../kit/dom.js";
import { STRIP, abbreviated, gridOf, groupsOf, hitOf, idsToShow } from "./matrix-layout.js";
import { atMost } from "../twins/numbers.js";

/** @typedef {import("../types.js").App} App */
/** @typedef {import("../types.js").Side} Side */
/** @typedef {import("./matrix-layout.js").Grid} Grid */

const SIDE = 100; // units of the square
const FAINT = 0.18; // opacity of pairs of different categories: most are, and say least
const LETTER_FROM = 10; // CSS pixels of a cell
const LINES_FROM = 5;
const LEAST_WORD = 22; // CSS pixels of a category: in less, one letter stands upright
const TAG = 15; // CSS pixels
const VEIL = 0.62; // over what is not pointed at

/** @param {App} app @returns {import("../types.js").Panel} */
export function createMatrix(app) {
  let isAll = false;
  let rows = /** @type {number[]} */ ([]);
  let columns = /** @type {number[]} */ ([]);
  let grid = gridOf(1, 0, 0);
  let painted = { canvas: document.createElement("canvas"), of: /** @type {unknown[]} */ ([]) };
  const board = makeBoard({
    label: "Matrix of pairs: top-left corners in rows, bottom-right corners in columns. Arrow keys move.",
    width: SIDE,
    height: SIDE,
    onResize: () => app.redraw(),
    onMove: (x, y) => app.payload && app.hover(at(x, y)),
    onLeave: () => app.hover(null),
    onClick: (x, y) => app.pin(at(x, y)),
    onArrow: step,
  });
  const toggle = make("button", { type: "button", class: "cn-button cn-small", onclick: toggleAll });
  const readout = make("p", { class: "cn-matrix-readout" });
  const keys = VERDICTS.map(makeKey).reverse();
  const legend = make("ul", { class: "cn-legend" }, ...keys.map((key) => key.element), make("li", {}, toggle));
  const element = make("div", {}, board.canvas, readout, legend);

  function toggleAll() {
    isAll = !isAll;
    app.redraw();
  }

  /** @param {number} x @param {number} y */
  function at(x, y) {
    return hitOf(grid, rows, columns, x * board.scale, y * board.scale);
  }

  /** @param {number} dx @param {number} dy */
  function step(dx, dy) {
    if (!rows.length || !columns.length) return;
    const pair = app.focus.topLeft === null && app.focus.bottomRight === null ? chosenPair(app) : app.focus;
    const move = (/** @type {number[]} */ ids, /** @type {number | null} */ id, /** @type {number} */ by) =>
      ids[Math.min(ids.length - 1, Math.max(0, (id === null ? 0 : ids.indexOf(id)) + by))];
    const next = { topLeft: move(rows, pair.topLeft, dy), bottomRight: move(columns, pair.bottomRight, dx) };
    if (next.topLeft !== app.state.pin?.topLeft || next.bottomRight !== app.state.pin?.bottomRight) app.pin(next);
  }

  /** @param {App} _ @param {import("../types.js").Changes} changes */
  function draw(_, changes) {
    const { payload, decision, focus } = app;
    rows = idsToShow(payload, decision, "topLeft", { isAll, pointed: focus.topLeft });
    columns = idsToShow(payload, decision, "bottomRight", { isAll, pointed: focus.bottomRight });
    board.paint((context, scale) => {
      const side = SIDE * scale;
      grid = gridOf(side, rows.length, columns.length);
      const of = [decision, rows.join(), columns.join(), side, themeColour("--cn-text")];
      if (of.some((part, k) => part !== painted.of[k])) painted = { canvas: paintAll(), of };
      context.drawImage(painted.canvas, 0, 0, side, side);
      drawFocus(context, app, grid, rows, columns);
    });
    if (changes.payload || changes.decision) {
      for (const key of keys) key.show(decision.verdicts);
    }
    setText(readout, readoutOf(app));
    const all = [decision.topLeft.length, decision.bottomRight.length];
    const isWhole = rows.length === all[0] && columns.length === all[1];
    setText(toggle, isAll ? "Show the best only" : `Show all ${all[0]} × ${all[1]}`);
    toggle.toggleAttribute("disabled", isWhole && !isAll);
  }

  /** Paint all that does not depend on the focus, at the screen's own resolution. */
  function paintAll() {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [board.canvas.width, board.canvas.height];
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const ratio = canvas.width / (SIDE * board.scale);
    context.scale(ratio, ratio);
    paintCells(context, app, grid, rows, columns);
    paintNames(context, app, grid, rows, "topLeft");
    context.transform(0, 1, 1, 0, 0, 0); // columns are rows with x and y exchanged
    paintNames(context, app, grid, columns, "bottomRight");
    return canvas;
  }
  const caption = () => {
    const size = `${app.decision.topLeft.length} × ${app.decision.bottomRight.length} pairs`;
    return `${size}: ${keys.map((key) => key.words()).join(", ")}`;
  };
  return { element, draw, caption };
}

/** @param {(typeof VERDICTS)[number]} verdict @param {number} code */
function makeKey({ letter, name, words }, code) {
  const badge = makeBadge();
  badge.show(code);
  const count = make("span", {});
  const element = make("li", { title: words }, badge.element, `${name} `, count);
  /** @param {Uint8Array} verdicts */
  const show = (verdicts) => setText(count, String(verdicts.reduce((sum, one) => sum + Number(one === code), 0)));
  return { element, show, words: () => `${letter} = ${name}: ${count.textContent}` };
}

/** @param {App} app @param {number} topLeft @param {number} bottomRight */
function verdictAt({ decision }, topLeft, bottomRight) {
  const row = decision.topLeft.indexOf(topLeft);
  return decision.verdicts[row * decision.bottomRight.length + decision.bottomRight.indexOf(bottomRight)];
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {App} app
 * @param {Grid} grid
 * @param {number[]} rows
 * @param {number[]} columns
 */
function paintCells(context, app, grid, rows, columns) {
  if (!rows.length || !columns.length) return;
  const { width, height } = grid;
  const cells = document.createElement("canvas");
  [cells.width, cells.height] = [columns.length, rows.length];
  const small = /** @type {CanvasRenderingContext2D} */ (cells.getContext("2d"));
  const picture = small.createImageData(columns.length, rows.length);
  const verdicts = rows.flatMap((row) => columns.map((column) => verdictAt(app, row, column)));
  const colours = VERDICTS.map((verdict, code) => [...rgbOf(verdict.colour), code === CATEGORY ? 255 * FAINT : 255]);
  verdicts.forEach((verdict, place) => picture.data.set(colours[verdict], 4 * place));
  small.putImageData(picture, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(cells, grid.left, grid.top, width * columns.length, height * rows.length);
  if (Math.min(width, height) >= LINES_FROM) {
    context.fillStyle = themeColour("--cn-panel");
    rows.forEach((_, k) => context.fillRect(grid.left, grid.top + k * height - 0.5, width * columns.length, 1));
    columns.forEach((_, k) => context.fillRect(grid.left + k * width - 0.5, grid.top, 1, height * rows.length));
  }
  if (Math.min(width, height) < LETTER_FROM) return;
  context.font = `600 ${Math.min(12, Math.round(height * 0.75))}px system-ui, sans-serif`;
  [context.textAlign, context.textBaseline] = ["center", "middle"];
  const inks = VERDICTS.map((verdict) => inkOn(verdict.colour));
  verdicts.forEach((verdict, place) => {
    const [row, column] = [Math.floor(place / columns.length), place % columns.length];
    context.fillStyle = verdict === CATEGORY ? themeColour("--cn-soft") : inks[verdict];
    context.fillText(
      VERDICTS[verdict].letter,
      grid.left + (column + 0.5) * width,
      grid.top + (row + 0.5) * height + 0.5,
    );
  });
}

/** A corner's score in the least room. @param {App} app @param {Side} side @param {number} id */
function scoreWords(app, side, id) {
  return atMost(app.payload[side].score[id]).slice(0, 4).replace(/^0/, "");
}

/**
 * Name the rows: a strip for each category, and the score of each corner.
 * @param {CanvasRenderingContext2D} context
 * @param {App} app
 * @param {Grid} grid
 * @param {number[]} ids
 * @param {Side} side
 */
function paintNames(context, app, grid, ids, side) {
  const { label } = app.payload[side];
  const step = side === "topLeft" ? grid.height : grid.width;
  // Columns are painted with x and y exchanged; words are turned back so that they can be read.
  const isRow = side === "topLeft";
  [context.textAlign, context.textBaseline] = ["center", "middle"];
  for (const group of groupsOf(ids.map((id) => label[id]))) {
    const [start, length] = [grid.top + group.start * step, group.count * step];
    context.fillStyle = app.payload.colours[group.label];
    context.fillRect(0, start, STRIP - 2, length - 1);
    const name = app.payload.categories[group.label];
    const at = { x: STRIP / 2 - 1, y: start + length / 2, isRow, size: 11 };
    if (length >= LEAST_WORD) write(context, name, { ...at, room: length - 4, isTurned: isRow }, "#ffffff");
    else if (length >= LETTER_FROM)
      write(
        context,
        Array.from(name)[0] ?? "",
        { ...at, room: isRow ? STRIP - 2 : length, isTurned: false },
        "#ffffff",
      );
  }
  if (!grid.hasNames) return;
  ids.forEach((id, k) => {
    write(
      context,
      scoreWords(app, side, id),
      { x: STRIP + 13, y: grid.top + (k + 0.5) * step, room: 26, isTurned: !isRow, isRow, size: 10 },
      themeColour("--cn-text"),
    );
  });
}

/**
 * Write words around a place, or as many of their first letters as there is room for.
 * @param {CanvasRenderingContext2D} context
 * @param {string} words
 * @param {{x: number, y: number, room: number, isTurned: boolean, isRow: boolean, size: number}} where
 * @param {string} colour
 */
function write(context, words, { x, y, room, isTurned, isRow, size }, colour) {
  context.font = `600 ${size}px system-ui, sans-serif`;
  const short = abbreviated(words, room, (text) => context.measureText(text).width);
  context.save();
  context.translate(x, y);
  if (!isRow) context.transform(0, 1, 1, 0, 0, 0);
  if (isTurned) context.rotate(-Math.PI / 2);
  context.fillStyle = colour;
  context.fillText(short, 0, 0.5);
  context.restore();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {App} app
 * @param {Grid} grid
 * @param {number[]} rows
 * @param {number[]} columns
 */
function drawFocus(context, app, grid, rows, columns) {
  const [row, column] = [rows.indexOf(app.focus.topLeft ?? -1), columns.indexOf(app.focus.bottomRight ?? -1)];
  const { left, top, width, height } = grid;
  const [right, bottom] = [left + width * columns.length, top + height * rows.length];
  context.fillStyle = themeColour("--cn-panel");
  context.globalAlpha = VEIL;
  // Veil what is neither in the row nor in the column pointed at: above and below, left and right.
  const bands = (
    /** @type {number} */ k,
    /** @type {number} */ start,
    /** @type {number} */ step,
    /** @type {number} */ end,
  ) =>
    k < 0
      ? [[start, end]]
      : [
          [start, start + k * step],
          [start + (k + 1) * step, end],
        ];
  if (row >= 0 || column >= 0) {
    for (const [y1, y2] of bands(row, top, height, bottom)) {
      for (const [x1, x2] of bands(column, left, width, right)) context.fillRect(x1, y1, x2 - x1, y2 - y1);
    }
  }
  context.globalAlpha = 1;
  const { pin } = app.state;
  outlineCell(context, grid, rows.indexOf(pin?.topLeft ?? -1), columns.indexOf(pin?.bottomRight ?? -1), 1);
  outlineCell(context, grid, row, column, 2);
  if (!grid.hasNames) return; // there is no room for tags: the words below the matrix say the same
  const words = (/** @type {Side} */ side, /** @type {number} */ id) =>
    `${app.decision[side].indexOf(id)} ${scoreWords(app, side, id)}`;
  if (row >= 0)
    drawTag(context, words("topLeft", rows[row]), {
      left: 0,
      width: left - 1,
      middle: top + (row + 0.5) * height,
      height: TAG,
    });
  if (column >= 0)
    drawTag(context, words("bottomRight", columns[column]), {
      left: left + column * width,
      width,
      middle: (STRIP + top) / 2,
      height: top - STRIP,
    });
}

/**
 * Write the number and the score of the corner that is pointed at, over what else stands there.
 * @param {CanvasRenderingContext2D} context
 * @param {string} words
 * @param {{left: number, width: number, middle: number, height: number}} place  The tag may be wider, but stays on the board.
 */
function drawTag(context, words, { left, width, middle, height }) {
  context.font = "600 11px system-ui, sans-serif";
  [context.textAlign, context.textBaseline] = ["center", "middle"];
  const wide = Math.max(width, context.measureText(words).width + 6);
  const start = Math.max(0, Math.min(left + (width - wide) / 2, context.canvas.clientWidth - wide));
  context.fillStyle = themeColour("--cn-text");
  context.fillRect(start, middle - height / 2, wide, height);
  context.fillStyle = themeColour("--cn-panel");
  context.fillText(words, start + wide / 2, middle + 0.5);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Grid} grid
 * @param {number} row
 * @param {number} column
 * @param {number} ink
 */
function outlineCell(context, grid, row, column, ink) {
  if (row < 0 || column < 0) return;
  const grown = Math.max(0, 5 - grid.width) / 2;
  const place = /** @type {const} */ ([
    grid.left + column * grid.width - grown,
    grid.top + row * grid.height - grown,
    grid.width + 2 * grown,
    grid.height + 2 * grown,
  ]);
  context.lineWidth = ink + 3;
  context.strokeStyle = themeColour("--cn-panel");
  context.strokeRect(...place);
  context.lineWidth = ink + 0.5;
  context.strokeStyle = themeColour("--cn-text");
  context.strokeRect(...place);
}

/** @param {App} app */
function readoutOf(app) {
  const { payload, decision, focus } = app;
  const names = SIDES.flatMap((side) => {
    const id = focus[side];
    if (id === null) return [];
    const rank = decision[side].indexOf(id);
    const name = `${payload.categories[payload[side].label[id]]} ${atMost(payload[side].score[id])}`;
    return [rank < 0 ? `${name} (no peak now)` : `${side === "topLeft" ? "TL" : "BR"} ${rank} ${name}`];
  });
  return names.join(" × ") || "Point at a pair, or at a row or column.";
}
