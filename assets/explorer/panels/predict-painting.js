/** The image on which one predicts: guesses, corners to match, and the answer once it is revealed. */
import { themeColour } from "../kit/dom.js";
import { makeLabels } from "../kit/labels.js";
import { drawElbow, outline, stroke } from "../kit/marks.js";
import { boxOfCorners, cornerToPx } from "../twins/geometry.js";
import { atMost } from "../twins/numbers.js";
import { SIDES } from "../twins/sides.js";
import { cornersToMatch, networkAnswer } from "./guesses.js";

/** @typedef {import("../types.js").App} App */
/** @typedef {import("./predict.js").Guess} Guess */

const TRUTH = "#1c1e24";

/**
 * Paint everything.
 * @param {CanvasRenderingContext2D} context
 * @param {App} app
 * @param {Guess} guess
 * @param {import("../kit/pencil.js").Pencil} pencil
 * @param {number} scale
 */
export function paintGuesses(context, app, guess, pencil, scale) {
  const { image } = app.payload;
  context.imageSmoothingEnabled = true;
  context.drawImage(app.pictures.image, 0, 0, image.width * scale, image.height * scale);
  const mine = boxesOf(app, guess).map((box) => scaled(box, scale));
  for (const box of mine) outlineGuess(context, box);
  if (guess.isRevealed) paintAnswer(context, app, scale);
  mine.forEach((box, k) => numberGuess(context, box, String(k + 1))); // over the answer
  if (guess.mode === "corners") paintCorners(context, app, guess, scale);
  if (pencil.draft) outlineGuess(context, scaled(pencil.draft, scale));
  if (pencil.cursor) drawCursor(context, pencil.cursor, scale);
}

/** @param {App} app @param {Guess} guess */
function boxesOf({ payload }, { mode, boxes, matches }) {
  if (mode === "boxes") return boxes;
  return matches.map(({ topLeft, bottomRight }) => boxOfCorners(payload, topLeft, bottomRight));
}

/** @param {number[]} box @param {number} scale */
function scaled(box, scale) {
  return box.map((v) => v * scale);
}

/** @param {CanvasRenderingContext2D} context @param {App} app @param {number} scale */
function paintAnswer(context, app, scale) {
  const { truth, colours } = app.payload;
  context.setLineDash([6, 4]);
  for (const box of truth?.boxes ?? []) outline(context, scaled(box, scale), TRUTH, 1.5);
  context.setLineDash([]);
  const { labels, finalScores } = app.decision.candidates;
  const { boxes, names } = networkAnswer(app);
  const answer = Array.from(app.decision.detections, (candidate, k) => ({
    box: scaled(boxes[k], scale),
    name: names[k],
    score: atMost(finalScores[candidate]),
    colour: colours[labels[candidate]],
  }));
  for (const { box, colour } of answer) outline(context, box, colour, 2);
  const chips = makeLabels(context);
  for (const { box, name, score, colour } of answer) chips.put(name, score, box, colour);
}

/** @param {CanvasRenderingContext2D} context @param {App} app @param {Guess} guess @param {number} scale */
function paintCorners(context, app, { begun }, scale) {
  for (const side of SIDES) {
    for (const id of cornersToMatch(app, side)) {
      const [x, y] = cornerToPx(app.payload, side, id).map((v) => v * scale);
      drawElbow(context, side, x, y, 14);
      if (begun && begun.side === side && begun.id === id) {
        stroke(context, "#ffffff", 2.5, () => context.arc(x, y, 11, 0, 2 * Math.PI));
      }
    }
  }
}

/** @param {CanvasRenderingContext2D} context @param {[number, number]} place @param {number} scale */
function drawCursor(context, place, scale) {
  const [x, y] = scaled(place, scale);
  stroke(context, "#ffffff", 2, () => {
    context.moveTo(x - 10, y);
    context.lineTo(x + 10, y);
    context.moveTo(x, y - 10);
    context.lineTo(x, y + 10);
  });
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
