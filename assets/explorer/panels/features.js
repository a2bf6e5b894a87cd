/** What the backbone hands on: the network's input, and the channels that vary most. */
import { drawInput } from "../kit/backdrop.js";
import { paintMap } from "../kit/colours.js";
import { make, makeBoard } from "../kit/dom.js";
import { drawCell } from "../kit/marks.js";

/** @typedef {import("../types.js").App} App */

/** @param {App} app @returns {import("../types.js").Panel} */
export function createFeatures(app) {
  /** @type {{board: import("../kit/dom.js").Board, map: HTMLCanvasElement | null, channel: number}[]} */
  let tiles = [];
  const element = make("div", { class: "cn-features" });

  /** @param {string} label @param {string} words @param {HTMLCanvasElement | null} map @param {number} channel */
  function addTile(label, words, map, channel) {
    const { width, height } = app.payload.cells;
    const at = (/** @type {number} */ x, /** @type {number} */ y) => ({
      cell: /** @type {[number, number]} */ ([
        Math.max(0, Math.min(width - 1, Math.floor(x))),
        Math.max(0, Math.min(height - 1, Math.floor(y))),
      ]),
    });
    const board = makeBoard({
      label,
      width,
      height,
      onResize: () => app.redraw(),
      onMove: (x, y) => app.hover(at(x, y)),
      onLeave: () => app.hover(null),
      onClick: (x, y) => app.pin(at(x, y)),
    });
    element.append(make("figure", {}, board.canvas, make("figcaption", {}, words)));
    tiles.push({ board, map, channel });
  }

  function build() {
    const { cells, features } = app.payload;
    tiles = [];
    element.replaceChildren();
    addTile("The network's input", "input", null, -1);
    features.names.forEach((channel, k) => {
      const map = paintMap(app.maps.features[k], cells.width, cells.height, { colours: "viridis" });
      addTile(`Channel ${channel} of the last hourglass`, `#${channel}`, map, channel);
    });
  }

  /** @param {App} _ @param {import("../types.js").Changes} changes */
  function draw(_, changes) {
    if (changes.payload) build();
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
  const caption = () => `Channels ${app.payload.features.names.join(", ")} of the last hourglass.`;
  return { element, draw, caption };
}

/** The cell pointed at, or that of a corner pointed at. @param {App} app @returns {[number, number] | null} */
function cellOf({ focus, payload }) {
  for (const side of /** @type {import("../types.js").Side[]} */ (["topLeft", "bottomRight"])) {
    const id = focus[side];
    if (id !== null) return [payload[side].x[id], payload[side].y[id]];
  }
  return focus.cell;
}
