/** Every top-left corner with every bottom-right one: what became of each pair, by colour and letter. */
import { forHands } from "../kit/hands.js";
import { makeBadge } from "../kit/badge.js";
import { chosenPair } from "../kit/chosen.js";
import { make, setText, themeColour } from "../kit/dom.js";
import { makePointedBoard } from "../kit/pointed-board.js";
import { atMost } from "../twins/numbers.js";
import { SIDES } from "../twins/sides.js";
import { gridOf, hitOf, idsToShow } from "./matrix-layout.js";
import { drawFocus, placeOf } from "./matrix-focus.js";
import { drawLens } from "./matrix-lens.js";
import { paintTable } from "./matrix-painting.js";

/** @typedef {import("../types.js").App} App */
/** @typedef {import("./matrix-layout.js").Table} Table */
/** @typedef {ReturnType<typeof makeKey>} Key */

const SIDE = 100; // units of the square
const SMALL =
  "Here cells are too small for letters and numbers: enlarge the panel, or point at a pair, and a lens shows them.";

/**
 * What the matrix shows now.
 * @typedef {object} Matrix
 * @property {boolean} isAll  Whether all peaks are shown, or the best only.
 * @property {Table} table
 * @property {import("./matrix-painting.js").Painted & {of: unknown[]}} painted  All that does not depend on the focus,
 *   and what it was painted from.
 */

/** @param {App} app @returns {import("../types.js").Panel} */
export function createMatrix(app) {
  /** @type {Matrix} */
  const matrix = {
    isAll: false,
    table: { grid: gridOf(1, 0, 0), rows: [], columns: [] },
    painted: { canvas: document.createElement("canvas"), shortened: [], of: [] },
  };
  const board = makePointedBoard(
    app,
    {
      label: "Matrix of pairs: top-left corners in rows, bottom-right corners in columns. Arrow keys move.",
      width: SIDE,
      height: SIDE,
      onArrow: (dx, dy) => step(app, matrix.table, dx, dy),
    },
    (x, y, scale) => hitOf(matrix.table, x * scale, y * scale),
  );
  const toggle = make("button", { type: "button", class: "cn-button cn-small" });
  toggle.addEventListener("click", () => {
    matrix.isAll = !matrix.isAll;
    app.redraw();
  });
  const readout = make("p", { class: "cn-matrix-readout" });
  const small = make("p", { class: "cn-matrix-small" });
  const bars = makeBars();
  /** @type {Key[]} */
  let keys = [];
  const [legend, last] = [make("ul", { class: "cn-legend" }), make("li", {}, toggle)];

  /** @param {App} _ @param {import("../types.js").Changes} changes */
  function draw(_, changes) {
    drawBoard(app, matrix, board);
    if (changes.payload) {
      keys = app.payload.vocabulary.verdicts.map(makeKey).reverse();
      legend.replaceChildren(...keys.map((key) => key.element), last);
    }
    if (changes.payload || changes.decision) for (const key of keys) key.show(app.decision.verdicts);
    setText(readout, readoutOf(app));
    showToggle(app, matrix, toggle);
    setText(small, matrix.table.grid.hasNames ? "" : forHands(SMALL));
    bars.show(app, matrix.painted.shortened);
  }
  const caption = () => captionOf(app, keys);
  const axes = make("p", { class: "cn-axes" }, make("span", {}, "↓ top-left"), make("span", {}, "bottom-right →"));
  return { element: make("div", {}, axes, board.canvas, readout, legend, small, bars.element), draw, caption };
}

/** @param {App} app @param {Table} table @param {number} dx @param {number} dy */
function step(app, { rows, columns }, dx, dy) {
  if (!rows.length || !columns.length) return;
  const pair = app.focus.topLeft === null && app.focus.bottomRight === null ? chosenPair(app) : app.focus;
  const next = { topLeft: moved(rows, pair.topLeft, dy), bottomRight: moved(columns, pair.bottomRight, dx) };
  if (next.topLeft !== app.state.pin?.topLeft || next.bottomRight !== app.state.pin?.bottomRight) app.pin(next);
}

/** @param {number[]} ids @param {number | null} id @param {number} by */
function moved(ids, id, by) {
  return ids[Math.min(ids.length - 1, Math.max(0, (id === null ? 0 : ids.indexOf(id)) + by))];
}

/** @param {App} app @param {Matrix} matrix @param {import("../kit/dom.js").Board} board */
function drawBoard(app, matrix, board) {
  const { payload, decision, focus } = app;
  const rows = idsToShow(payload, decision, "topLeft", { isAll: matrix.isAll, pointed: focus.topLeft });
  const columns = idsToShow(payload, decision, "bottomRight", { isAll: matrix.isAll, pointed: focus.bottomRight });
  board.paint((context, scale) => {
    const side = SIDE * scale;
    matrix.table = { grid: gridOf(side, rows.length, columns.length), rows, columns };
    const of = [decision, rows.join(), columns.join(), side, themeColour("--cn-text")];
    if (of.some((part, k) => part !== matrix.painted.of[k])) {
      matrix.painted = { ...paintTable(app, matrix.table, board.canvas, side), of };
    }
    context.drawImage(matrix.painted.canvas, 0, 0, side, side);
    drawFocus(context, app, matrix.table);
    const [row, column] = placeOf(matrix.table, focus);
    const isRead = app.state.hover !== null || document.activeElement === board.canvas;
    if (isRead && !matrix.table.grid.hasNames && row >= 0 && column >= 0) {
      drawLens(context, app, matrix.table, row, column);
    }
  });
}

/** @param {App} app @param {Matrix} matrix @param {HTMLElement} toggle */
function showToggle({ decision }, { isAll, table }, toggle) {
  const all = [decision.topLeft.length, decision.bottomRight.length];
  const isWhole = table.rows.length === all[0] && table.columns.length === all[1];
  setText(toggle, isAll ? "Show the best only" : `Show all ${all[0]} × ${all[1]}`);
  toggle.toggleAttribute("disabled", isWhole && !isAll);
}

/** @param {App} app @param {Key[]} keys */
function captionOf({ decision }, keys) {
  const size = `${decision.topLeft.length} × ${decision.bottomRight.length} pairs`;
  return `${size}: ${keys.map((key) => key.words()).join(", ")}`;
}

/** @param {import("../types.js").VerdictWords} verdict @param {number} code */
function makeKey(verdict, code) {
  const { letter, name, words } = verdict;
  const badge = makeBadge();
  badge.show(verdict);
  const count = make("span", {});
  const element = make("li", { title: words }, badge.element, `${name} `, count);
  /** @param {Uint8Array} verdicts */
  const show = (verdicts) => setText(count, String(verdicts.reduce((sum, one) => sum + Number(one === code), 0)));
  return { element, show, words: () => `${letter} = ${name}: ${count.textContent}` };
}

/** The whole names of categories whose bars are too short for them. */
function makeBars() {
  const element = make("ul", { class: "cn-legend", "aria-label": "Categories of the bars" });
  let written = "";
  /** @param {App} app @param {number[]} labels */
  function show({ payload: { categories, colours } }, labels) {
    const now = JSON.stringify(labels.map((label) => [categories[label], colours[label]]));
    if (now === written) return;
    written = now;
    element.replaceChildren(
      ...labels.map((label) => {
        const colour = make("span", { class: "cn-bar-key", "aria-hidden": "true" });
        colour.style.backgroundColor = colours[label];
        return make("li", {}, colour, categories[label]);
      }),
    );
  }
  return { element, show };
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
  return names.join(" × ") || forHands("Point at a pair, or a row or column.");
}
