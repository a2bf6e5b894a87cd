/** What is said while one predicts, and of how well one did. */
import { forHands } from "../kit/hands.js";
import { SIDES } from "../twins/sides.js";
import { cornersToMatch, judge, networkAnswer, pairsToFind, scoreLine, trueAnswer, verdictOfMatch } from "./guesses.js";

/** @typedef {import("../types.js").App} App */
/** @typedef {import("../twins/geometry.js").Box} Box */
/** @typedef {import("./predict.js").Guess} Guess */

/** Say what to do next. @param {App} app @param {Guess} guess */
export function hintWords(app, { mode, boxes, matches, begun }) {
  if (mode === "boxes") return `Draw a box around every object, then reveal. Boxes so far: **${boxes.length}**.`;
  if (SIDES.some((side) => cornersToMatch(app, side).length === 0)) {
    return "At these settings there are no corners to match; lower the least score.";
  }
  const next = begun
    ? `Now click the ${begun.side === "topLeft" ? "orange" : "blue"} elbow that belongs to it.`
    : "Click a blue elbow (top-left corner), then the orange one (bottom-right) of the same object; " +
      "or drag from one to the other.";
  return `${forHands(next)} Pairs so far: **${matches.length}**.`;
}

/** Say how well one did. @param {App} app @param {Guess} guess */
export function verdictLine(app, { mode, boxes, matches }) {
  if (mode === "boxes") return boxesVerdict(app, boxes);
  const wanted = pairsToFind(app);
  const found = wanted.filter((pair) =>
    matches.some((m) => m.topLeft === pair.topLeft && m.bottomRight === pair.bottomRight),
  );
  return (
    `You found **${found.length} of ${wanted.length}** pairs that the network made of these corners, ` +
    "by their embeddings."
  );
}

/** @param {App} app @param {Box[]} boxes */
function boxesVerdict(app, boxes) {
  const truth = trueAnswer(app);
  const network = networkAnswer(app);
  const lines = [scoreLine(boxes, network, "of the network")];
  if (truth) {
    const { hits } = judge(/** @type {Box[]} */ (network.boxes), truth);
    lines.push(scoreLine(boxes, truth, "of the truth"), `The network hit **${hits}**.`);
  }
  return lines.join(" ");
}

/** Say of each guess what the network made of it; nothing before the answer. @param {App} app @param {Guess} guess */
export function linesOf(app, { mode, boxes, matches, isRevealed }) {
  if (!isRevealed) return [];
  if (mode === "boxes") return boxLines(app, boxes);
  return matches.map((match) => {
    const code = verdictOfMatch(app, match);
    if (code === null) return "no longer a pair of peaks";
    const { letter, words } = app.payload.vocabulary.verdicts[code];
    return `${letter}: ${words}`;
  });
}

/** @param {App} app @param {Box[]} boxes */
function boxLines(app, boxes) {
  const network = judge(boxes, networkAnswer(app)).overlaps;
  const truth = trueAnswer(app);
  const real = truth && judge(boxes, truth).overlaps;
  return boxes.map((_, k) => {
    const [first, second] = [network[k], real?.[k]];
    const found = first ? `IoU ${first.iou.toFixed(2)} with the network's ${first.name}` : "no box of the network here";
    if (!real) return found;
    return `${found}; ${second ? `${second.iou.toFixed(2)} with the true ${second.name}` : "no object here"}`;
  });
}
