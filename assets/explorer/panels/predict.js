/** Predict first: the visitor places boxes, or matches corners, before the answer is shown. */
import { outline } from "./boxes.js";
import { makeChoice } from "../kit/choice.js";
import { make, makeBoard, setRich, setText, themeColour } from "../kit/dom.js";
import { boxOfCorners, cornerToPx } from "../twins/geometry.js";
import { cornersToMatch, judge, networkAnswer, pairsToFind, scoreLine, trueAnswer, verdictOfMatch } from "./guesses.js";
import { makeLabels } from "../kit/labels.js";
import { drawElbow, stroke } from "../kit/marks.js";
import { atMost } from "../twins/numbers.js";
import { listenToPencil } from "../kit/pencil.js";

/** @typedef {import("../types.js").App} App */
/** @typedef {import("../types.js").Side} Side */
/** @typedef {import("../twins/geometry.js").Box} Box */
/** @typedef {import("./guesses.js").Match} Match */

const REACH = 24; // CSS pixels from the pointer to a corner
const TRUTH = "#1c1e24";
const LINES = {
  yours: "yours, numbered",
  network: "the network's, in the category's colour",
  truth: "the truth, dashed",
};
const TALLEST = 640; // CSS pixels: the whole image stays in sight while one draws

/** @param {App} app @returns {import("../types.js").Panel} */
export function createPredict(app) {
  /** @type {"boxes" | "corners"} */
  let mode = "boxes";
  /** @type {Box[]} */
  let boxes = [];
  /** @type {Match[]} */
  let matches = [];
  /** @type {{side: Side, id: number} | null} */
  let begun = null; // a corner that waits for its partner
  let isRevealed = false;

  const modes = makeChoice(
    "Predict by",
    [
      ["boxes", "drawing boxes"],
      ["corners", "matching corners"],
    ],
    (value) => {
      [mode, isRevealed, begun] = [value, false, null];
      app.redraw();
    },
  );
  const undo = button("Undo", () => {
    if (mode === "boxes") boxes = boxes.slice(0, -1);
    else if (begun) begun = null;
    else matches = matches.slice(0, -1);
  });
  const clear = button("Clear", () => ([boxes, matches, begun] = [[], [], null]));
  const reveal = button("Reveal", () => (isRevealed = !isRevealed));
  reveal.classList.add("cn-reveal");
  const board = makeBoard({
    label: "The image without the answer. Drag a box; or move with the arrow keys and set corners with Enter.",
    width: 4,
    height: 3,
    onResize: () => app.redraw(),
  });
  const pencil = listenToPencil(board, {
    isDrawing: () => mode === "boxes" && !isRevealed,
    onBox: (box) => {
      boxes = [...boxes, box];
      app.redraw();
    },
    onPoint: (place) => mode === "corners" && !isRevealed && choose(place),
    onDrag: (from, to) => {
      if (mode !== "corners" || isRevealed) return;
      begun = null;
      choose(from);
      choose(to);
    },
    onChange: () => app.redraw(),
  });
  const hint = make("p", { class: "cn-readout", role: "status" });
  const keys = Object.entries(LINES).map(([whose, words]) =>
    make("li", {}, make("span", { class: `cn-line-key cn-${whose}` }), words),
  );
  const legend = make("ul", { class: "cn-legend" }, ...keys);
  const list = make("ol", { class: "cn-guesses" });
  const element = make(
    "div",
    { class: "cn-predict" },
    make("div", { class: "cn-row" }, modes.element, undo, clear, reveal),
    make("div", { class: "cn-answer" }, board.canvas, make("div", {}, hint, legend, list)),
  );

  /** @param {string} words @param {() => void} onClick */
  function button(words, onClick) {
    const act = () => {
      onClick();
      app.redraw();
    };
    return /** @type {HTMLButtonElement} */ (
      make("button", { type: "button", class: "cn-button", onclick: act }, words)
    );
  }

  /** Take the corner nearest to a place; two of different kinds make a pair. @param {[number, number]} place */
  function choose(place) {
    /** @type {{side: Side, id: number} | null} */
    let best = null;
    let least = REACH / board.scale;
    for (const side of /** @type {Side[]} */ (["topLeft", "bottomRight"])) {
      for (const id of cornersToMatch(app, side)) {
        const [x, y] = cornerToPx(app.payload, side, id);
        const distance = Math.hypot(x - place[0], y - place[1]);
        if (distance < least) [best, least] = [{ side, id }, distance];
      }
    }
    if (!best) return;
    if (begun && begun.side !== best.side) {
      const match = { topLeft: best.id, bottomRight: best.id, [begun.side]: begun.id };
      const isFree = (/** @type {Match} */ m) => m.topLeft !== match.topLeft && m.bottomRight !== match.bottomRight;
      [matches, begun] = [[...matches.filter(isFree), match], null];
    } else begun = best;
    app.redraw();
  }

  /** @param {App} _ @param {import("../types.js").Changes} changes */
  function draw(_, changes) {
    const { image } = app.payload;
    if (changes.payload) {
      [boxes, matches, begun, isRevealed] = [[], [], null, false];
      board.resize(image.width, image.height);
      element.style.setProperty("--cn-across", `${(TALLEST * image.width) / image.height}px`);
      pencil.reset([image.width / 2, image.height / 2]);
    }
    modes.show(mode);
    const count = mode === "boxes" ? boxes.length : matches.length + (begun ? 1 : 0);
    undo.disabled = isRevealed || count === 0;
    clear.disabled = isRevealed || count === 0;
    setText(reveal, isRevealed ? "Hide the answer" : "Reveal");
    reveal.setAttribute("aria-pressed", String(isRevealed));
    setRich(hint, isRevealed ? verdictLine() : hintWords());
    legend.hidden = !isRevealed;
    keys[2].hidden = !app.payload.truth;
    const lines = isRevealed ? (mode === "boxes" ? boxLines() : matchLines()) : [];
    list.replaceChildren(...lines.map((line) => make("li", {}, line)));
    board.paint(paint);
  }

  function hintWords() {
    if (mode === "boxes") return `Draw a box around every object, then reveal. Boxes so far: **${boxes.length}**.`;
    const [starts, ends] = [cornersToMatch(app, "topLeft").length, cornersToMatch(app, "bottomRight").length];
    if (!starts || !ends) return "At these settings there are no corners to match; lower the least score.";
    const next = begun
      ? `Now click the ${begun.side === "topLeft" ? "orange" : "blue"} elbow that belongs to it.`
      : "Click a blue elbow (top-left corner), then the orange one (bottom-right) of the same object; or drag from one to the other.";
    return `${next} Pairs so far: **${matches.length}**.`;
  }

  function verdictLine() {
    if (mode === "boxes") {
      const truth = trueAnswer(app);
      const network = networkAnswer(app);
      const lines = [scoreLine(boxes, network, "of the network")];
      if (truth) {
        const { hits } = judge(/** @type {Box[]} */ (network.boxes), truth);
        lines.push(scoreLine(boxes, truth, "of the truth"), `The network hit **${hits}**.`);
      }
      return lines.join(" ");
    }
    const wanted = pairsToFind(app);
    const found = wanted.filter((pair) =>
      matches.some((m) => m.topLeft === pair.topLeft && m.bottomRight === pair.bottomRight),
    );
    return `You found **${found.length} of ${wanted.length}** pairs that the network made of these corners, by their embeddings.`;
  }

  function boxLines() {
    const network = judge(boxes, networkAnswer(app)).overlaps;
    const truth = trueAnswer(app);
    const real = truth && judge(boxes, truth).overlaps;
    return boxes.map((_, k) => {
      const [first, second] = [network[k], real?.[k]];
      const told = first
        ? `IoU ${first.iou.toFixed(2)} with the network's ${first.name}`
        : "no box of the network here";
      if (!real) return told;
      return `${told}; ${second ? `${second.iou.toFixed(2)} with the true ${second.name}` : "no object here"}`;
    });
  }

  function matchLines() {
    return matches.map((match) => {
      const verdict = verdictOfMatch(app, match);
      return verdict ? `${verdict.letter}: ${verdict.words}` : "no longer a pair of peaks";
    });
  }

  /** @param {CanvasRenderingContext2D} context @param {number} scale */
  function paint(context, scale) {
    const { image, colours } = app.payload;
    context.imageSmoothingEnabled = true;
    context.drawImage(app.pictures.image, 0, 0, image.width * scale, image.height * scale);
    const mine =
      mode === "boxes" ? boxes : matches.map((match) => boxOfCorners(app.payload, match.topLeft, match.bottomRight));
    mine.forEach((box) => outlineGuess(context, scaled(box, scale)));
    if (isRevealed) {
      context.setLineDash([6, 4]);
      for (const box of app.payload.truth?.boxes ?? []) outline(context, scaled(box, scale), TRUTH, 1.5);
      context.setLineDash([]);
      const { labels, finalScores } = app.decision.candidates;
      const answer = networkAnswer(app);
      answer.boxes.forEach((box, k) => {
        const candidate = app.decision.detections[k];
        const colour = colours[labels[candidate]];
        outline(context, scaled(box, scale), colour, 2);
      });
      const chips = makeLabels(context);
      answer.boxes.forEach((box, k) => {
        const candidate = app.decision.detections[k];
        chips.put(answer.names[k], atMost(finalScores[candidate]), scaled(box, scale), colours[labels[candidate]]);
      });
    }
    mine.forEach((box, k) => numberGuess(context, scaled(box, scale), String(k + 1))); // over the answer
    if (mode === "corners") paintCorners(context, scale);
    if (pencil.draft) outlineGuess(context, scaled(pencil.draft, scale));
    if (pencil.cursor) {
      const [x, y] = pencil.cursor.map((v) => v * scale);
      stroke(context, "#ffffff", 2, () => {
        context.moveTo(x - 10, y);
        context.lineTo(x + 10, y);
        context.moveTo(x, y - 10);
        context.lineTo(x, y + 10);
      });
    }
  }

  /** @param {CanvasRenderingContext2D} context @param {number} scale */
  function paintCorners(context, scale) {
    for (const side of /** @type {Side[]} */ (["topLeft", "bottomRight"])) {
      for (const id of cornersToMatch(app, side)) {
        const [x, y] = cornerToPx(app.payload, side, id).map((v) => v * scale);
        drawElbow(context, side, x, y, 14);
        if (begun && begun.side === side && begun.id === id) {
          stroke(context, "#ffffff", 2.5, () => context.arc(x, y, 11, 0, 2 * Math.PI));
        }
      }
    }
  }

  const caption = () =>
    [hint.textContent, ...Array.from(list.children, (line, k) => `${k + 1}: ${line.textContent}`)].join(" ");
  return { element, draw, caption };
}

/** @param {number[]} box @param {number} scale */
function scaled(box, scale) {
  return box.map((v) => v * scale);
}

/** @param {CanvasRenderingContext2D} context @param {number[]} box */
function outlineGuess(context, box) {
  outline(context, box, themeColour("--cn-guess"), 2.5);
}

/** @param {CanvasRenderingContext2D} context @param {number[]} box @param {string} name */
function numberGuess(context, box, name) {
  context.font = "700 13px system-ui, sans-serif";
  context.textBaseline = "middle";
  context.textAlign = "center";
  context.fillStyle = themeColour("--cn-guess");
  context.fillRect(box[2] - 20, box[3] - 20, 20, 20); // lower right: the answer's labels stand at the upper left
  context.fillStyle = "#ffffff";
  context.fillText(name, box[2] - 10, box[3] - 9.5);
  context.textAlign = "start";
}
