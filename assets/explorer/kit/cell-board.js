/** Boards of cells: the pointer shows a cell, a click or the keys hold it. */
import { cellAt } from "../twins/geometry.js";
import { makeBoard } from "./dom.js";

/** @typedef {[number, number]} Cell */
/** @typedef {{cell: Cell | null}} Held  The cell that stays looked at; several boards may share it. */

/**
 * Make such a board. Escape, and a second click, let go of the cell.
 * @param {import("../types.js").App} app
 * @param {string} label
 * @param {Held} held  Is changed.
 * @param {() => Cell} start  Where the keys start from.
 */
export function makeCellBoard(app, label, held, start) {
  /** @param {Cell} cell */
  function hold(cell) {
    const isHeld = held.cell?.[0] === cell[0] && held.cell[1] === cell[1];
    held.cell = isHeld ? null : cell;
    app.hover(null);
    app.redraw();
  }
  const at = (/** @type {number} */ x, /** @type {number} */ y) => cellAt(app.payload.cells, x, y);
  const board = makeBoard({
    label,
    width: 4,
    height: 3,
    onResize: () => app.redraw(),
    onMove: (x, y) => app.payload && app.hover({ cell: at(x, y) }),
    onLeave: () => app.hover(null),
    onClick: (x, y) => hold(at(x, y)),
    onArrow: (dx, dy) => {
      const [x, y] = start();
      hold(at(x + dx, y + dy));
    },
  });
  board.canvas.addEventListener("keydown", (event) => event.key === "Escape" && held.cell && hold(held.cell));
  return board;
}
