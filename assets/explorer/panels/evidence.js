/** Which cells voted for a corner, by way of corner pooling. */
import { drawInput } from "../kit/backdrop.js";
import { makeSideChoice } from "../kit/choice.js";
import { chosenCorner, makeAsked } from "../kit/chosen.js";
import { rgbOf } from "../kit/colours.js";
import { SIDE_NAMES } from "../twins/sides.js";
import { make, makeBoard, setRich, setText } from "../kit/dom.js";
import { placeOf } from "../twins/geometry.js";
import { readHalves } from "../kit/maps.js";
import { drawCell, drawElbow } from "../kit/marks.js";
import { asShown, atMost } from "../twins/numbers.js";
import { signed } from "../kit/signs.js";

/** @typedef {import("../types.js").App} App */
/** @typedef {import("../types.js").CornerAnswer} CornerAnswer */
/** @typedef {import("../types.js").Side} Side */
/** @typedef {[number, number]} Cell */

const RAYS = 14;
const LEAST_RAY = 0.08; // of the strongest share
const GROUND = 0.4; // opacity of the grey input on white
const FOR = "#d55e00"; // the ends of the colours "signed"
const AGAINST = "#0072b2";
const BEST_CHANNELS = 5;
const TALLEST = 520; // CSS pixels, so that numbers stay beside the picture

/**
 * @typedef {object} Vote  An answer, made ready to be drawn.
 * @property {CornerAnswer} answer
 * @property {Float32Array} shares
 * @property {number} most  The largest share, either way.
 * @property {HTMLCanvasElement} map
 * @property {number[]} strongest  Cells, by index, that speak most for the corner.
 */

/** @param {App} app @returns {import("../types.js").Panel} */
export function createEvidence(app) {
  /** @type {Vote | null} */
  let vote = null;
  /** @type {Cell | null} */
  let held = null;
  /** @type {{side: Side, id: number} | null} */
  let corner = null;
  /** @type {Map<string, CornerAnswer>} */
  let known = new Map();
  const ask = /** @type {ReturnType<typeof makeAsked<CornerAnswer>>} */ (makeAsked(app, "corner"));
  const sides = makeSideChoice(app);
  const board = makeBoard({
    label: "The image with each cell's share in the corner's score. Arrow keys move from cell to cell.",
    width: 4,
    height: 3,
    onResize: () => app.redraw(),
    onMove: (x, y) => app.payload && app.hover({ cell: cellAt(x, y) }),
    onLeave: () => app.hover(null),
    onClick: (x, y) => hold(cellAt(x, y)),
    onArrow: (dx, dy) => {
      const [x, y] = lookedAt() ?? (corner ? placeOf(app.payload[corner.side], corner.id, false) : [0, 0]);
      hold(cellAt(x + dx, y + dy));
    },
  });
  board.canvas.addEventListener("keydown", (event) => event.key === "Escape" && held && hold(held));
  const readout = make("p", { class: "cn-readout", "aria-live": "polite" });
  const score = make("p", { class: "cn-readout cn-two-lines" });
  const channels = make("p", { class: "cn-readout cn-soft" });
  const key = make(
    "p",
    { class: "cn-key" },
    make("span", { class: "cn-for" }),
    "speaks for the corner ",
    make("span", { class: "cn-against" }),
    "speaks against it",
  );
  const element = make(
    "div",
    { class: "cn-evidence" },
    make("div", { class: "cn-row" }, sides.element, key),
    board.canvas,
    score,
    readout,
    channels,
  );

  /** @param {number} x @param {number} y @returns {Cell} */
  function cellAt(x, y) {
    const { width, height } = app.payload.cells;
    return [Math.max(0, Math.min(width - 1, Math.floor(x))), Math.max(0, Math.min(height - 1, Math.floor(y)))];
  }

  /** @param {Cell} cell */
  function hold(cell) {
    held = held && held[0] === cell[0] && held[1] === cell[1] ? null : cell;
    app.hover(null);
    app.redraw();
  }

  function lookedAt() {
    return app.state.hover ? app.state.hover.cell : held;
  }

  /** The corner pointed at if its evidence is known, else the one pinned. */
  function cornerToShow() {
    const { hover } = app.state;
    for (const side of /** @type {Side[]} */ (["topLeft", "bottomRight"])) {
      const id = hover?.[side] ?? null;
      if (id !== null && known.has(`${side} ${id}`)) return { side, id };
    }
    return chosenCorner(app);
  }

  /** @param {App} _ @param {import("../types.js").Changes} changes */
  function draw(_, changes) {
    const { cells, answers } = app.payload;
    if (changes.payload) {
      board.resize(cells.width, cells.height);
      board.canvas.style.maxWidth = `${(TALLEST * cells.width) / cells.height}px`;
      known = new Map();
      for (const kept of answers) if (kept.question === "corner") known.set(`${kept.side} ${kept.id}`, kept.answer);
    }
    const pinned = chosenCorner(app);
    const asked = pinned ? ask(pinned) : { answer: null, problem: "There is no corner to explain.", isWaiting: false };
    if (pinned && asked.answer) known.set(`${pinned.side} ${pinned.id}`, asked.answer);
    const now = cornerToShow();
    if (changes.payload || now?.id !== corner?.id || now?.side !== corner?.side) held = null;
    corner = now;
    const answer = (corner && known.get(`${corner.side} ${corner.id}`)) ?? null;
    if (vote?.answer !== answer) vote = answer && makeVote(answer, cells);
    const pin = app.state.pin;
    sides.show(pinned?.side ?? app.state.side, !pin || (pin.topLeft === null) === (pin.bottomRight === null));
    const waiting = asked.problem || "Asking which cells voted for this corner ...";
    setRich(score, vote && corner ? scoreWords(app, corner, vote) : waiting);
    setRich(readout, vote ? cellWords(vote, cells.width, lookedAt()) : "");
    setText(channels, vote ? channelWords(vote.answer) : "");
    board.paint((context, scale) => {
      drawVotes(context, app, vote, scale);
      if (corner) drawMarks(context, app, corner, vote, scale);
      const cell = lookedAt();
      if (cell) drawCell(context, scale, cell, "#ffffff");
    });
  }
  const caption = () => [score.textContent, channels.textContent].filter(Boolean).join(" ");
  return { element, draw, caption };
}

/** @param {CornerAnswer} answer @param {{width: number, height: number}} cells @returns {Vote} */
function makeVote(answer, { width, height }) {
  const shares = readHalves(answer.evidence);
  const most = shares.reduce((largest, share) => Math.max(largest, Math.abs(share)), 0);
  const map = paintVotes(shares, most, width, height);
  const strongest = Array.from(shares.keys())
    .sort((a, b) => shares[b] - shares[a])
    .slice(0, RAYS)
    .filter((index) => shares[index] > LEAST_RAY * most);
  return { answer, shares, most, map, strongest };
}

/**
 * Two colours, the more opaque the larger the share: white in the middle would hide the image.
 * @param {Float32Array} shares
 * @param {number} most
 * @param {number} width
 * @param {number} height
 */
function paintVotes(shares, most, width, height) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const picture = context.createImageData(width, height);
  shares.forEach((share, k) => {
    const opacity = most > 0 ? (Math.abs(share) / most) ** 0.6 : 0;
    picture.data.set([...rgbOf(share > 0 ? FOR : AGAINST), 255 * opacity], k * 4);
  });
  context.putImageData(picture, 0, 0);
  return canvas;
}

/** @param {CanvasRenderingContext2D} context @param {App} app @param {Vote | null} vote @param {number} scale */
function drawVotes(context, app, vote, scale) {
  const { width, height } = app.payload.cells;
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, width * scale, height * scale);
  context.globalAlpha = GROUND;
  drawInput(context, app, scale, "grey");
  context.globalAlpha = 1;
  if (vote) context.drawImage(vote.map, 0, 0, width * scale, height * scale);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {App} app
 * @param {{side: Side, id: number}} corner
 * @param {Vote | null} vote
 * @param {number} scale
 */
function drawMarks(context, app, { side, id }, vote, scale) {
  const [x, y] = placeOf(app.payload[side], id).map((place) => place * scale);
  const { width } = app.payload.cells;
  if (vote) {
    for (const index of vote.strongest) {
      context.globalAlpha = 0.35 + (0.65 * vote.shares[index]) / vote.most;
      context.strokeStyle = FOR;
      context.lineWidth = 1 + (2 * vote.shares[index]) / vote.most;
      context.beginPath();
      context.moveTo(((index % width) + 0.5) * scale, (Math.floor(index / width) + 0.5) * scale);
      context.lineTo(x, y);
      context.stroke();
    }
    context.globalAlpha = 1;
  }
  drawElbow(context, side, x, y, 22);
}

/** @param {App} app @param {{side: Side, id: number}} corner @param {Vote} vote */
function scoreWords(app, { side, id }, { answer }) {
  const columns = app.payload[side];
  const name = `${app.payload.categories[columns.label[id]]}, ${SIDE_NAMES[side]} corner`;
  const rest = asShown(answer.logit) - asShown(answer.pooled); // so that the sum of what is shown is right
  return (
    `${name}: score **${atMost(columns.score[id])}**, a logit of **${signed(answer.logit)}**: ` +
    `**${signed(answer.pooled)}** through corner pooling, **${signed(rest)}** from the shortcut and the biases.`
  );
}

/** @param {Vote} vote @param {number} width @param {Cell | null} cell */
function cellWords({ shares, answer }, width, cell) {
  if (!cell) return "Point at a cell to read its share.";
  const [x, y] = cell;
  const share = shares[y * width + x];
  if (share === 0) return `Column ${x}, row ${y}: won no scan that this corner can see.`;
  const part = signed((100 * share) / answer.pooled, 0);
  const ofPooling = answer.pooled > 0 ? `, ${part} % of what corner pooling brings` : "";
  return `Column ${x}, row ${y}: **${signed(share, 3)}**${ofPooling}.`;
}

/** @param {CornerAnswer} answer */
function channelWords({ scans }) {
  const best = scans.slice(0, BEST_CHANNELS).map((scan) => `#${scan.channel} ${signed(scan.contribution)}`);
  return best.length ? `Strongest channels: ${best.join(", ")}.` : "";
}
