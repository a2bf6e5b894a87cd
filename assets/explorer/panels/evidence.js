/** Which cells voted for a corner, by way of corner pooling. */
import { forHands } from "../kit/hands.js";
import { makeCellBoard } from "../kit/cell-board.js";
import { makeSideChoice } from "../kit/choice.js";
import { chosenCorner, isSameCorner, makeQuestion } from "../kit/chosen.js";
import { make, setRich, setText } from "../kit/dom.js";
import { drawCell } from "../kit/marks.js";
import { signed } from "../kit/signs.js";
import { placeOf } from "../twins/geometry.js";
import { atMost } from "../twins/numbers.js";
import { SIDES } from "../twins/sides.js";
import { drawMarks, drawVotes, makeVote } from "./evidence-drawing.js";
import { shareWords, sumWords } from "./evidence-words.js";

/** @typedef {import("../types.js").App} App */
/** @typedef {import("../answer-types.js").CornerAnswer} CornerAnswer */
/** @typedef {import("../kit/cell-board.js").Cell} Cell */
/** @typedef {import("../kit/chosen.js").Corner} Corner */
/** @typedef {import("./evidence-drawing.js").Vote} Vote */
/** @typedef {ReturnType<typeof makeQuestion<CornerAnswer>>} Ask */

const BEST_CHANNELS = 5;
const TALLEST = 520; // CSS pixels, so that numbers stay beside the picture

/**
 * What is shown, and what could be shown without asking.
 * @typedef {object} Look
 * @property {Corner | null} corner
 * @property {Cell | null} cell  Tapped or moved to by keys.
 * @property {Vote | null} vote
 * @property {Map<string, CornerAnswer>} known  By `nameOf` a corner.
 */

/** @param {App} app @returns {import("../types.js").Panel} */
export function createEvidence(app) {
  /** @type {Look} */
  const look = { corner: null, cell: null, vote: null, known: new Map() };
  const ask = /** @type {Ask} */ (makeQuestion(app, "corner"));
  const sides = makeSideChoice(app);
  const label = "The image with each cell's share in the corner's score. Arrow keys move from cell to cell.";
  const board = makeCellBoard(app, label, look, () => startOf(app, look));
  const readout = make("p", { class: "cn-readout", "aria-live": "polite" });
  const score = make("p", { class: "cn-readout cn-three-lines" });
  const channels = make("p", { class: "cn-readout cn-soft" });
  const row = make("div", { class: "cn-row" }, sides.element, makeKey());
  const element = make("div", { class: "cn-evidence" }, row, board.canvas, score, readout, channels);

  /** @param {App} _ @param {import("../types.js").Changes} changes */
  function draw(_, changes) {
    const { cells } = app.payload;
    if (changes.payload) {
      board.resize(cells.width, cells.height);
      board.canvas.style.setProperty("--cn-widest", `${(TALLEST * cells.width) / cells.height}px`);
    }
    const pinned = chosenCorner(app);
    const problem = lookAgain(app, look, changes, ask);
    const { vote, corner } = look;
    sides.show(pinned);
    const waiting = problem || "Asking which cells voted for this corner ...";
    setRich(score, vote && corner ? scoreWords(app, corner, vote) : waiting);
    setRich(readout, vote ? cellWords(app, vote, lookedAt(app, look)) : "");
    setText(channels, vote ? channelWords(vote.answer) : "");
    board.paint((context, scale) => drawAll(context, app, look, scale));
  }
  const caption = () => [score.textContent, channels.textContent].filter(Boolean).join(" ");
  return { element, draw, caption };
}

function makeKey() {
  return make(
    "p",
    { class: "cn-key" },
    make("span", { class: "cn-for" }),
    "speaks for the corner ",
    make("span", { class: "cn-against" }),
    "speaks against it",
  );
}

/**
 * Ask about the pinned corner, and choose what to show.
 * @param {App} app
 * @param {Look} look  Is changed.
 * @param {import("../types.js").Changes} changes
 * @param {Ask} ask
 * @returns {string}  A problem, in a sentence; "" if there is none.
 */
function lookAgain(app, look, changes, ask) {
  const { cells, answers } = app.payload;
  if (changes.payload) {
    look.known = new Map();
    for (const kept of answers) if (kept.question === "corner") look.known.set(nameOf(kept), kept.answer);
  }
  const pinned = chosenCorner(app);
  const reply = pinned ? ask(pinned) : { answer: null, problem: "There is no corner to explain." };
  if (pinned && reply.answer) look.known.set(nameOf(pinned), reply.answer);
  const corner = cornerToShow(app, look);
  if (changes.payload || !isSameCorner(corner, look.corner)) look.cell = null;
  look.corner = corner;
  const answer = (corner && look.known.get(nameOf(corner))) ?? null;
  if (look.vote?.answer !== answer) look.vote = answer && makeVote(answer, cells);
  return reply.problem;
}

/** @param {Corner} corner */
function nameOf({ side, id }) {
  return `${side} ${id}`;
}

/**
 * Choose the corner pointed at if its evidence is known, else the one pinned.
 * @param {App} app
 * @param {Look} look
 * @returns {Corner | null}
 */
function cornerToShow(app, { known }) {
  const { hover } = app.state;
  for (const side of SIDES) {
    const id = hover?.[side] ?? null;
    if (id !== null && known.has(nameOf({ side, id }))) return { side, id };
  }
  return chosenCorner(app);
}

/** The cell pointed at, else the one held. @param {App} app @param {Look} look */
function lookedAt(app, { cell }) {
  return app.state.hover ? app.state.hover.cell : cell;
}

/** Where the keys start from. @param {App} app @param {Look} look @returns {Cell} */
function startOf(app, look) {
  const { corner } = look;
  return lookedAt(app, look) ?? (corner ? placeOf(app.payload[corner.side], corner.id, false) : [0, 0]);
}

/** @param {CanvasRenderingContext2D} context @param {App} app @param {Look} look @param {number} scale */
function drawAll(context, app, look, scale) {
  drawVotes(context, app, look.vote, scale);
  if (look.corner) drawMarks(context, app, look.corner, look.vote, scale);
  const cell = lookedAt(app, look);
  if (cell) drawCell(context, scale, cell, "#ffffff");
}

/** @param {App} app @param {Corner} corner @param {Vote} vote */
function scoreWords(app, { side, id }, { answer, tally }) {
  const columns = app.payload[side];
  const name = `${app.payload.categories[columns.label[id]]}, ${app.payload.vocabulary.sides[side]} corner`;
  const sum = sumWords(answer, tally, app.payload.pooling.name);
  return `${name}: score **${atMost(columns.score[id])}** (its logit, squeezed to between 0 and 1), ${sum}`;
}

/** @param {App} app @param {Vote} vote @param {Cell | null} cell */
function cellWords({ payload }, { shares, tally }, cell) {
  if (!cell) return forHands("Point at a cell to read its share.");
  const [x, y] = cell;
  return `Cell (${x}, ${y}): ${shareWords(shares[y * payload.cells.width + x], tally)}`;
}

/** @param {CornerAnswer} answer */
function channelWords({ scans }) {
  const best = scans.slice(0, BEST_CHANNELS).map((scan) => `#${scan.channel} ${signed(scan.contribution)}`);
  return best.length ? `Strongest channels: ${best.join(", ")}.` : "";
}
