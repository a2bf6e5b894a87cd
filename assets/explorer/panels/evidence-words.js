/** A corner's evidence in words: what corner pooling brought for and against it, and what came another way. */
import { signed } from "../kit/signs.js";
import { asShown } from "../twins/numbers.js";

/** @typedef {import("../answer-types.js").CornerAnswer} CornerAnswer */

const NEARLY = 0.1; // of all that was brought: less is left where both sides nearly cancel

/**
 * @typedef {object} Tally  What all cells brought, in parts of the logit.
 * @property {number} forIt
 * @property {number} against  0 or less.
 */

/** @param {Iterable<number>} shares  Of the cells. @returns {Tally} */
export function tallyOf(shares) {
  const tally = { forIt: 0, against: 0 };
  for (const share of shares) tally[share > 0 ? "forIt" : "against"] += share;
  return tally;
}

/**
 * Write a logit as a sum, and say which side it leans on.
 * @param {Pick<CornerAnswer, "logit" | "pooled">} answer
 * @param {Tally} tally
 * @param {string} pooling  Its name.
 */
export function sumWords({ logit, pooled }, tally, pooling) {
  const rest = asShown(asShown(logit) - asShown(pooled)); // so that the sum of what is shown is right
  return (
    `a logit of **${signed(logit)}**: **${signed(pooled)}** through ${pooling}${sidesWords(pooled, tally)}, ` +
    `**${signed(rest)}** from the shortcut and the biases.${verdictWords(rest, tally, pooling)}`
  );
}

/** @param {number} pooled @param {Tally} tally */
function sidesWords(pooled, { forIt, against }) {
  if (forIt === 0 || against === 0) return "";
  const shown = Math.max(asShown(forIt), asShown(pooled)); // shares come in half precision
  return ` (${signed(shown)} for the corner, ${signed(asShown(asShown(pooled) - shown))} against it)`;
}

/**
 * Compare what speaks for the corner: the cells that do, with the rest if it does.
 * @param {number} rest
 * @param {Tally} tally
 * @param {string} pooling
 */
function verdictWords(rest, { forIt, against }, pooling) {
  if (forIt === 0 && against === 0) return ` Here **${pooling} brought nothing**.`;
  if (rest > forIt) {
    return (
      ` Here **the shortcut outweighs ${pooling}**: the corner was recognised at its own place ` +
      "rather than by edges elsewhere."
    );
  }
  if (forIt + against > NEARLY * (forIt - against)) return "";
  if (-(forIt + against) > NEARLY * (forIt - against)) return " Here **more speaks against the corner than for it**.";
  return " Here **what cells say for the corner and against it nearly cancels out**.";
}

/**
 * Say what one cell brought, and what part that is of all that was brought to the same side.
 * @param {number} share
 * @param {Tally} tally
 */
export function shareWords(share, { forIt, against }) {
  if (share === 0) return "brought this corner nothing.";
  const [all, side] = share > 0 ? [forIt, "for the corner"] : [against, "against it"];
  return `**${signed(share, 3)}**, ${asShown((100 * share) / all, 0)} % of what cells say ${side}.`;
}
