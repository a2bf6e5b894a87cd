/** Predict first: the visitor places boxes, or matches corners, before the answer is shown. */
import { makeChoice } from "../kit/choice.js";
import { make, makeBoard, setRich, setText } from "../kit/dom.js";
import { listenToPencil } from "../kit/pencil.js";
import { cornerToPx } from "../twins/geometry.js";
import { SIDES } from "../twins/sides.js";
import { cornersToMatch } from "./guesses.js";
import { paintGuesses } from "./predict-painting.js";
import { hintWords, linesOf, verdictLine } from "./predict-words.js";

/** @typedef {import("../types.js").App} App */
/** @typedef {import("../kit/chosen.js").Corner} Corner */
/** @typedef {import("../kit/pencil.js").Place} Place */
/** @typedef {import("./guesses.js").Match} Match */
/** @typedef {ReturnType<typeof makeButtons>} Buttons */
/** @typedef {ReturnType<typeof makeAnswer>} Answer */

/**
 * What the visitor has done so far.
 * @typedef {object} Guess
 * @property {"boxes" | "corners"} mode
 * @property {import("../twins/geometry.js").Box[]} boxes
 * @property {Match[]} matches
 * @property {Corner | null} begun  A corner that waits for its partner.
 * @property {boolean} isRevealed
 */

const REACH = 24; // CSS pixels from the pointer to a corner
const LINES = {
  yours: "yours, numbered",
  network: "the network's, in the category's colour",
  truth: "the truth, dashed",
};

/** @param {App} app @returns {import("../types.js").Panel} */
export function createPredict(app) {
  /** @type {Guess} */
  const guess = { mode: "boxes", boxes: [], matches: [], begun: null, isRevealed: false };
  const board = makeBoard({
    label: "The image without the answer. Drag a box; or move with the arrow keys and set corners with Enter.",
    width: 4,
    height: 3,
    onResize: () => app.redraw(),
  });
  const pencil = listenToPencil(board, {
    isDrawing: () => guess.mode === "boxes" && !guess.isRevealed,
    onBox: (box) => guess.boxes.push(box),
    onPoint: (place) => choose(app, guess, place, REACH / board.scale),
    onDrag: (from, to) => {
      if (!isMatching(guess)) return;
      guess.begun = null;
      for (const place of [from, to]) choose(app, guess, place, REACH / board.scale);
    },
    onChange: () => app.redraw(),
  });
  const modes = makeModes(app, guess);
  const buttons = makeButtons(app, guess);
  const answer = makeAnswer();
  const row = make("div", { class: "cn-row" }, modes.element, ...Object.values(buttons));
  const element = make(
    "div",
    { class: "cn-predict" },
    row,
    make("div", { class: "cn-answer" }, board.canvas, answer.element),
  );

  /** @param {App} _ @param {import("../types.js").Changes} changes */
  function draw(_, changes) {
    const { width, height } = app.payload.image;
    if (changes.payload) {
      Object.assign(guess, { boxes: [], matches: [], begun: null, isRevealed: false });
      board.resize(width, height);
      element.style.setProperty("--cn-shape", String(width / height));
      pencil.reset([width / 2, height / 2]);
    }
    modes.show(guess.mode);
    showButtons(guess, buttons);
    showAnswer(app, guess, answer);
    board.paint((context, scale) => paintGuesses(context, app, guess, pencil, scale));
  }
  return { element, draw, caption: () => captionOf(answer) };
}

/** Whether clicks match corners. @param {Guess} guess */
function isMatching({ mode, isRevealed }) {
  return mode === "corners" && !isRevealed;
}

/**
 * Take the corner nearest to a place; two of different kinds make a pair.
 * @param {App} app
 * @param {Guess} guess  Is changed.
 * @param {Place} place
 * @param {number} reach  px.
 */
function choose(app, guess, place, reach) {
  const best = isMatching(guess) ? nearestCorner(app, place, reach) : null;
  if (!best) return;
  const { begun } = guess;
  if (!begun || begun.side === best.side) {
    guess.begun = best;
    return;
  }
  const match = { topLeft: best.id, bottomRight: best.id, [begun.side]: begun.id };
  const isFree = (/** @type {Match} */ m) => m.topLeft !== match.topLeft && m.bottomRight !== match.bottomRight;
  guess.matches = [...guess.matches.filter(isFree), match];
  guess.begun = null;
}

/** @param {App} app @param {Place} place @param {number} reach @returns {Corner | null} */
function nearestCorner(app, place, reach) {
  /** @type {Corner | null} */
  let best = null;
  let least = reach;
  for (const side of SIDES) {
    for (const id of cornersToMatch(app, side)) {
      const [x, y] = cornerToPx(app.payload, side, id);
      const distance = Math.hypot(x - place[0], y - place[1]);
      if (distance < least) [best, least] = [{ side, id }, distance];
    }
  }
  return best;
}

/** @param {App} app @param {Guess} guess  Is changed. */
function makeModes(app, guess) {
  /** @type {[Guess["mode"], string][]} */
  const options = [
    ["boxes", "drawing boxes"],
    ["corners", "matching corners"],
  ];
  return makeChoice("Predict by", options, (mode) => {
    Object.assign(guess, { mode, isRevealed: false, begun: null });
    app.redraw();
  });
}

/** @param {App} app @param {Guess} guess  Is changed. */
function makeButtons(app, guess) {
  /** @param {string} words @param {() => void} onClick */
  function button(words, onClick) {
    const onclick = () => {
      onClick();
      app.redraw();
    };
    return /** @type {HTMLButtonElement} */ (make("button", { type: "button", class: "cn-button", onclick }, words));
  }
  const undo = button("Undo", () => {
    if (guess.mode === "boxes") guess.boxes.pop();
    else if (guess.begun) guess.begun = null;
    else guess.matches.pop();
  });
  const clear = button("Clear", () => Object.assign(guess, { boxes: [], matches: [], begun: null }));
  const reveal = button("Reveal", () => {
    guess.isRevealed = !guess.isRevealed;
  });
  reveal.classList.add("cn-reveal");
  return { undo, clear, reveal };
}

/** @param {Guess} guess @param {Buttons} buttons */
function showButtons({ mode, boxes, matches, begun, isRevealed }, { undo, clear, reveal }) {
  const count = mode === "boxes" ? boxes.length : matches.length + (begun ? 1 : 0);
  undo.disabled = isRevealed || count === 0;
  clear.disabled = isRevealed || count === 0;
  undo.title = clear.title = isRevealed ? "Hide the answer first." : count === 0 ? "Nothing is drawn yet." : "";
  setText(reveal, isRevealed ? "Hide the answer" : "Reveal");
  reveal.setAttribute("aria-pressed", String(isRevealed));
}

function makeAnswer() {
  const hint = make("p", { class: "cn-readout", role: "status" });
  const keys = Object.entries(LINES).map(([whose, words]) =>
    make("li", {}, make("span", { class: `cn-line-key cn-${whose}` }), words),
  );
  const legend = make("ul", { class: "cn-legend" }, ...keys);
  const list = make("ol", { class: "cn-guesses" });
  return { element: make("div", {}, hint, legend, list), hint, legend, truth: keys[2], list };
}

/** @param {App} app @param {Guess} guess @param {Answer} answer */
function showAnswer(app, guess, { hint, legend, truth, list }) {
  setRich(hint, guess.isRevealed ? verdictLine(app, guess) : hintWords(app, guess));
  legend.hidden = !guess.isRevealed;
  truth.hidden = !app.payload.truth;
  list.replaceChildren(...linesOf(app, guess).map((line) => make("li", {}, line)));
}

/** @param {Answer} answer */
function captionOf({ hint, list }) {
  return [hint.textContent, ...Array.from(list.children, (line, k) => `${k + 1}: ${line.textContent}`)].join(" ");
}
