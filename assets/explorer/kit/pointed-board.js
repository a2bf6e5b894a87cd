/** Boards on which the pointer shows what lies under it, and a click pins that. */
import { makeBoard } from "./dom.js";

/** @typedef {import("../types.js").App} App */
/** @typedef {import("./dom.js").Board} Board */

/**
 * Make such a board.
 * @param {App} app
 * @param {{label: string, width: number, height: number, onArrow?: (dx: number, dy: number) => void}} options
 * @param {(x: number, y: number, scale: number) => Partial<import("../types.js").Focus> | null} find  What lies
 *   under a place, in units.
 * @returns {Board}
 */
export function makePointedBoard(app, options, find) {
  /** @type {Board} */
  const board = makeBoard({
    ...options,
    onResize: () => app.redraw(),
    onMove: (x, y) => app.payload && app.hover(find(x, y, board.scale)),
    onLeave: () => app.hover(null),
    onClick: (x, y) => app.pin(find(x, y, board.scale)),
  });
  return board;
}
