/** What the backbone hands on: the network's input, and the channels that vary most. */
import { drawInput } from "../kit/backdrop.js";
import { paintMap } from "../kit/colours.js";
import { make, setText } from "../kit/dom.js";
import { drawCell } from "../kit/marks.js";
import { makePointedBoard } from "../kit/pointed-board.js";
import { cellAt } from "../twins/geometry.js";
import { SIDES } from "../twins/sides.js";

/** @typedef {import("../types.js").App} App */
/** @typedef {{figure: HTMLElement, board: import("../kit/dom.js").Board, map: HTMLCanvasElement | null}} Tile */

/** @param {App} app @returns {import("../types.js").Panel} */
export function createFeatures(app) {
  /** @type {Tile[]} */
  let tiles = [];
  const maps = make("div", { class: "cn-features" });
  const input = make("p", { class: "cn-readout" });
  const element = make("div", {}, maps, input);

  /** @param {App} _ @param {import("../types.js").Changes} changes */
  function draw(_, changes) {
    if (changes.payload) {
      tiles = makeTiles(app);
      maps.replaceChildren(...tiles.map((tile) => tile.figure));
      setText(input, app.payload.input);
    }
    const { width, height } = app.payload.cells;
    const cell = cellOf(app);
    for (const { board, map } of tiles) {
      board.paint((context, scale) => {
        if (map) context.drawImage(map, 0, 0, width * scale, height * scale);
        else drawInput(context, app, scale, "colour");
        if (cell) drawCell(context, scale, cell, "#ffffff");
      });
    }
  }
  const caption = () => `${app.payload.input} Channels ${app.payload.features.names.join(", ")} of the feature maps.`;
  return { element, draw, caption };
}

/** @param {App} app */
function makeTiles(app) {
  const { cells, features } = app.payload;
  const channels = features.names.map((channel, k) => {
    const map = paintMap(app.maps.features[k], cells.width, cells.height, { colours: "viridis" });
    return makeTile(app, `Channel ${channel} of the feature maps`, `#${channel}`, map);
  });
  return [makeTile(app, "The network's input", "input", null), ...channels];
}

/**
 * @param {App} app
 * @param {string} label
 * @param {string} words
 * @param {HTMLCanvasElement | null} map  Null: the network's input.
 * @returns {Tile}
 */
function makeTile(app, label, words, map) {
  const { cells } = app.payload;
  const board = makePointedBoard(app, { label, ...cells }, (x, y) => ({ cell: cellAt(cells, x, y) }));
  return { figure: make("figure", {}, board.canvas, make("figcaption", {}, words)), board, map };
}

/** The cell pointed at, or that of a corner pointed at. @param {App} app @returns {[number, number] | null} */
function cellOf({ focus, payload }) {
  for (const side of SIDES) {
    const id = focus[side];
    if (id !== null) return [payload[side].x[id], payload[side].y[id]];
  }
  return focus.cell;
}
