/** Corner pooling under the microscope: one corner, one channel, one direction. */
import { makeCellBoard } from "../kit/cell-board.js";
import { makeChoice, makeSideChoice } from "../kit/choice.js";
import { chosenCorner, isSameCorner, makeQuestion } from "../kit/chosen.js";
import { make, setRich, setText } from "../kit/dom.js";
import { makePlayer } from "../kit/player.js";
import { LOOKS } from "../twins/scan.js";
import { makeChannels } from "./channels.js";
import { chooseScan, directionOf, lookedAt, prepare, sumWords } from "./pooling-look.js";
import { cellWords, drawRay, drawScan } from "./scan-view.js";

/** @typedef {import("../types.js").App} App */
/** @typedef {import("../answer-types.js").CornerAnswer} CornerAnswer */
/** @typedef {import("../answer-types.js").Scan} Scan */
/** @typedef {import("../twins/scan.js").Direction} Direction */
/** @typedef {import("./pooling-look.js").Look} Look */
/** @typedef {ReturnType<typeof makeControls>} Controls */
/** @typedef {ReturnType<typeof makeView>} View */
/** @typedef {ReturnType<typeof makeQuestion<CornerAnswer>>} AskCorner */
/** @typedef {ReturnType<typeof makeQuestion<Scan>>} AskChannel */

/** @param {App} app @returns {import("../types.js").Panel} */
export function createPooling(app) {
  /** @type {Look} */
  const look = { corner: null, channel: null, direction: null, cell: null, shown: null };
  const ask = /** @type {{corner: AskCorner, channel: AskChannel}} */ ({
    corner: makeQuestion(app, "corner"),
    channel: makeQuestion(app, "channel"),
  });
  const controls = makeControls(app, look, () => paint(app, look, controls, view));
  const view = makeView(app, look, controls.player);
  const element = make("div", { class: "cn-pooling" }, ...controls.rows, ...view.rows);

  /** @param {App} _ @param {import("../types.js").Changes} changes */
  function draw(_, changes) {
    const { cells } = app.payload;
    if (changes.payload) for (const board of view.boards) board.resize(cells.width, cells.height);
    const corner = chosenCorner(app);
    if (changes.payload || !isSameCorner(corner, look.corner)) {
      Object.assign(look, { corner, channel: null, direction: null, cell: null });
      controls.player.finish();
    }
    const problem = show(app, look, controls, ask);
    element.setAttribute("aria-busy", String(!problem && !look.shown));
    setText(view.sum, problem || (look.shown ? sumWords(app, look) : "Asking for this corner's channels ..."));
    paint(app, look, controls, view);
  }
  const caption = () => [view.sum.textContent, view.readout.textContent].filter(Boolean).join(". ");
  return { element, draw, caption };
}

/**
 * Make what one chooses with.
 * @param {App} app
 * @param {Look} look  Is changed.
 * @param {() => void} onPlay
 */
function makeControls(app, look, onPlay) {
  const player = makePlayer(onPlay);
  /** @param {Partial<Look>} chosen */
  function choose(chosen) {
    Object.assign(look, chosen);
    player.finish();
    app.redraw();
  }
  const sides = makeSideChoice(app);
  /** @type {[Direction, string][]} */
  const options = [
    ["vertical", "vertical"],
    ["horizontal", "horizontal"],
  ];
  const directions = makeChoice("Scan", options, (direction) => choose({ direction }));
  const channels = makeChannels((channel) => choose({ channel, direction: null }));
  const row = make("div", { class: "cn-row" }, sides.element, directions.element, player.element);
  return { rows: [row, channels.element], sides, directions, channels, player };
}

/**
 * Make the two boards and the words below them.
 * @param {App} app
 * @param {Look} look
 * @param {import("../kit/player.js").Player} player
 */
function makeView(app, look, player) {
  const boards = ["before", "after"].map((name) =>
    makeCellBoard(app, `The channel ${name} the scan. Arrow keys move from cell to cell.`, look, () =>
      lookedAt(app, look),
    ),
  );
  for (const { canvas } of boards) {
    canvas.addEventListener("pointerenter", () => player.pause(true));
    canvas.addEventListener("pointerleave", () => player.pause(false));
  }
  const titles = ["before the scan", "after"].map((words) => make("figcaption", {}, words));
  const figures = boards.map((board, k) => make("figure", {}, titles[k], board.canvas));
  const readout = make("p", { class: "cn-readout cn-two-lines", "aria-live": "polite" });
  const sum = make("p", { class: "cn-readout" });
  return { rows: [make("div", { class: "cn-two" }, ...figures), readout, sum], boards, titles, readout, sum };
}

/**
 * Ask for what is looked at, and show what there is to choose.
 * @param {App} app
 * @param {Look} look  Is changed.
 * @param {Controls} controls
 * @param {{corner: AskCorner, channel: AskChannel}} ask
 * @returns {string}  A problem, in a sentence; "" if there is none.
 */
function show(app, look, { sides, channels, directions }, ask) {
  sides.show(look.corner);
  const { note } = app.payload.pooling;
  if (note) {
    prepare(app, look, null);
    return note;
  }
  const nothing = { answer: null, problem: "There is no corner to look at.", isWaiting: false };
  const reply = look.corner ? ask.corner(look.corner) : nothing;
  const scan = chooseScan(app, look, reply.answer, ask.channel);
  channels.show(app, reply.answer, scan.answer?.channel ?? look.channel);
  prepare(app, look, scan.answer);
  directions.show(directionOf(app, look));
  return reply.problem || scan.problem;
}

/** @param {App} app @param {Look} look @param {Controls} controls @param {View} view */
function paint(app, look, { player }, { boards, titles, readout }) {
  if (!app.payload) return;
  const direction = directionOf(app, look);
  const { corner } = look;
  const scan = look.shown?.directions[direction] ?? null;
  const progress = scan ? player.progress(scan.lines) : 0;
  boards.forEach((board, k) =>
    board.paint((context, scale) => {
      drawScan(context, app, scan, scale, k === 0 ? null : progress);
      if (scan && corner) drawRay(context, app, scan, scale, { id: corner.id, cell: lookedAt(app, look), progress });
    }),
  );
  if (corner) setText(titles[1], `after: each cell looks ${LOOKS[corner.side][direction]}`);
  setRich(readout, scan ? cellWords(scan, lookedAt(app, look), progress) : "");
}
