/** Corner pooling under the microscope: one corner, one channel, one direction. */
import { makeChoice, makeSideChoice } from "../kit/choice.js";
import { chosenCorner, makeAsked } from "../kit/chosen.js";
import { SIDE_NAMES } from "../twins/sides.js";
import { make, makeBoard, setRich, setText } from "../kit/dom.js";
import { makeChannels } from "./channels.js";
import { asShown, fixed } from "../twins/numbers.js";
import { makePlayer } from "../kit/player.js";
import { LOOKS } from "../twins/scan.js";
import { cellWords, drawRay, drawScan, makeScanView } from "./scan-view.js";

/** @typedef {import("../types.js").App} App */
/** @typedef {import("../types.js").CornerAnswer} CornerAnswer */
/** @typedef {import("../types.js").Scan} Scan */
/** @typedef {import("../types.js").Side} Side */
/** @typedef {import("../twins/scan.js").Direction} Direction */
/** @typedef {[number, number]} Cell */

/** @param {App} app @returns {import("../types.js").Panel} */
export function createPooling(app) {
  /** @type {Direction | null} */
  let chosenDirection = null; // null: the one that brings the corner more
  /** @type {number | null} */
  let channel = null; // null: the best
  /** @type {Cell | null} */
  let held = null; // tapped or moved to by keys
  /** @type {{side: Side, id: number} | null} */
  let corner = null;
  /** @type {{scan: Scan, directions: Record<Direction, import("./scan-view.js").ScanView>} | null} */
  let shown = null;
  const askCorner = /** @type {ReturnType<typeof makeAsked<CornerAnswer>>} */ (makeAsked(app, "corner"));
  const askChannel = /** @type {ReturnType<typeof makeAsked<Scan>>} */ (makeAsked(app, "channel"));

  const sides = makeSideChoice(app);
  const directions = makeChoice(
    "Scan",
    [
      ["vertical", "vertical"],
      ["horizontal", "horizontal"],
    ],
    (value) => {
      chosenDirection = value;
      player.finish();
      app.redraw();
    },
  );
  const channels = makeChannels((value) => {
    [channel, chosenDirection] = [value, null];
    player.finish();
    app.redraw();
  });
  const player = makePlayer(() => paint());
  const boards = ["before", "after"].map((name) =>
    makeBoard({
      label: `The channel ${name} the scan. Arrow keys move from cell to cell.`,
      width: 4,
      height: 3,
      onResize: () => app.redraw(),
      onMove: (x, y) => app.payload && app.hover({ cell: cellAt(x, y) }),
      onLeave: () => app.hover(null),
      onClick: (x, y) => hold(cellAt(x, y)),
      onArrow: (dx, dy) => {
        const [x, y] = lookedAt();
        hold(cellAt(x + dx, y + dy));
      },
    }),
  );
  for (const { canvas } of boards) {
    canvas.addEventListener("pointerenter", () => player.pause(true));
    canvas.addEventListener("pointerleave", () => player.pause(false));
    canvas.addEventListener("keydown", (event) => event.key === "Escape" && held && hold(held));
  }
  const readout = make("p", { class: "cn-readout cn-two-lines", "aria-live": "polite" });
  const sum = make("p", { class: "cn-readout" });
  const afterTitle = make("figcaption", {}, "after");
  const element = make(
    "div",
    { class: "cn-pooling" },
    make("div", { class: "cn-row" }, sides.element, directions.element, player.element),
    channels.element,
    make(
      "div",
      { class: "cn-two" },
      make("figure", {}, make("figcaption", {}, "before the scan"), boards[0].canvas),
      make("figure", {}, afterTitle, boards[1].canvas),
    ),
    readout,
    sum,
  );

  /** @param {number} x @param {number} y @returns {Cell} */
  function cellAt(x, y) {
    const { width, height } = app.payload.cells;
    const inside = (/** @type {number} */ v, /** @type {number} */ most) =>
      Math.max(0, Math.min(most - 1, Math.floor(v)));
    return [inside(x, width), inside(y, height)];
  }

  /** @param {Cell} cell */
  function hold(cell) {
    held = held && held[0] === cell[0] && held[1] === cell[1] ? null : cell;
    app.hover(null);
    app.redraw();
  }

  /** The cell whose ray is drawn: pointed at anywhere, else held here, else the corner's. @returns {Cell} */
  function lookedAt() {
    if (!corner) return [0, 0];
    const { hover } = app.state;
    const id = hover?.[corner.side] ?? corner.id;
    const columns = app.payload[corner.side];
    if (hover?.cell) return hover.cell;
    return (id === corner.id && held) || [columns.x[id], columns.y[id]];
  }

  /** @param {App} _ @param {import("../types.js").Changes} changes */
  function draw(_, changes) {
    const { cells } = app.payload;
    if (changes.payload) for (const board of boards) board.resize(cells.width, cells.height);
    const now = chosenCorner(app);
    if (changes.payload || now?.id !== corner?.id || now?.side !== corner?.side) {
      [channel, held, chosenDirection] = [null, null, null];
      player.finish();
    }
    corner = now;
    const pin = app.state.pin;
    sides.show(corner?.side ?? app.state.side, !pin || (pin.topLeft === null) === (pin.bottomRight === null));
    const asked = corner
      ? askCorner(corner)
      : { answer: null, problem: "There is no corner to look at.", isWaiting: false };
    const scan = chooseScan(asked.answer);
    channels.show(app, asked.answer, scan.answer?.channel ?? channel);
    prepare(scan.answer);
    directions.show(directionNow());
    const problem = asked.problem || scan.problem;
    element.setAttribute("aria-busy", String(!problem && !shown));
    setText(sum, problem || (shown ? sumWords() : "Asking for this corner's channels ..."));
    paint();
  }

  /** @param {CornerAnswer | null} answer @returns {import("../kit/chosen.js").Asked<Scan>} */
  function chooseScan(answer) {
    if (!answer || !corner) return { answer: null, problem: "", isWaiting: true };
    const wanted = channel ?? answer.channels[0];
    const ready = answer.scans.find((scan) => scan.channel === wanted);
    if (ready) return { answer: ready, problem: "", isWaiting: false };
    return askChannel({ side: corner.side, channel: wanted });
  }

  /** @param {Scan | null} scan */
  function prepare(scan) {
    if (shown?.scan === scan) return;
    shown = null;
    if (!scan || !corner) return;
    const { side } = corner;
    const view = (/** @type {Direction} */ way) => makeScanView(scan, app.payload.cells, side, way);
    shown = { scan, directions: { vertical: view("vertical"), horizontal: view("horizontal") } };
  }

  /** What each scan brings to the corner's own cell. @returns {Record<Direction, number>} */
  function atCorner() {
    if (!shown || !corner) return { vertical: 0, horizontal: 0 };
    const { x, y } = app.payload[corner.side];
    const index = y[corner.id] * app.payload.cells.width + x[corner.id];
    const { vertical, horizontal } = shown.directions;
    return { vertical: vertical.after[index], horizontal: horizontal.after[index] };
  }

  function directionNow() {
    const { vertical, horizontal } = atCorner();
    return chosenDirection ?? (horizontal > vertical ? "horizontal" : "vertical");
  }

  function paint() {
    if (!app.payload) return;
    const direction = directionNow();
    const view = shown?.directions[direction] ?? null;
    const progress = view ? player.progress(view.lines) : 0;
    boards.forEach((board, k) =>
      board.paint((context, scale) => {
        drawScan(context, app, view, scale, k === 0 ? null : progress);
        if (view && corner) drawRay(context, app, view, scale, { id: corner.id, cell: lookedAt(), progress });
      }),
    );
    if (corner) setText(afterTitle, `after: each cell looks ${LOOKS[corner.side][direction]}`);
    setRich(readout, view ? cellWords(view, lookedAt(), progress) : "");
  }

  function sumWords() {
    if (!shown || !corner) return "";
    const { vertical: first, horizontal: second } = atCorner();
    const looks = LOOKS[corner.side];
    return (
      `Channel ${shown.scan.channel} at the ${SIDE_NAMES[corner.side]} corner: looking ${looks.vertical} ${fixed(first, 2)} ` +
      `+ looking ${looks.horizontal} ${fixed(second, 2)} = ${(asShown(first) + asShown(second)).toFixed(2)}`
    );
  }

  const caption = () => [sum.textContent, readout.textContent].filter(Boolean).join(". ");
  return { element, draw, caption };
}
