/** What is said of a corner's evidence agrees with its shares, also where they cancel. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { shareWords, sumWords, tallyOf } from "../../assets/explorer/panels/evidence-words.js";

const SHORTCUT = "Here **the shortcut outweighs scans**";
const CANCELS = "Here **what cells say for the corner and against it nearly cancels out**.";
const AGAINST = "Here **more speaks against the corner than for it**.";

// Shares of the cells, the logit, the sides as they are given, the verdict.
const TABLE = /** @type {[number[], number, string, string][]} */ ([
  [[], -2, "", "Here **scans brought nothing**."],
  [[0, 0], 1, "", "Here **scans brought nothing**."],
  [[1, 0.5], 1, "", ""],
  [[1, -0.25], 0.5, " (+1.00 for the corner, \u22120.25 against it)", ""],
  [[1.5, -1.5], 0, " (+1.50 for the corner, \u22121.50 against it)", CANCELS],
  [[1.49, -1.5], -0.01, " (+1.49 for the corner, \u22121.50 against it)", CANCELS],
  [[1.5, -1.25], 1.75, " (+1.50 for the corner, \u22121.25 against it)", CANCELS],
  [[1.5, -1.25], 1.8, " (+1.50 for the corner, \u22121.25 against it)", SHORTCUT],
  [[0.5], 1.25, "", SHORTCUT],
  [[0.5, -2], -1.5, " (+0.50 for the corner, \u22122.00 against it)", AGAINST],
  [[-2], 0.5, "", SHORTCUT],
]);

test("no side outweighs unless it does so in what is drawn", () => {
  for (const [shares, logit, sides, verdict] of TABLE) {
    const pooled = shares.reduce((sum, share) => sum + share, 0);
    const words = sumWords({ logit, pooled }, tallyOf(shares), "scans");
    assert.ok(words.includes(`through scans${sides}, `), words);
    assert.ok(verdict ? words.includes(` ${verdict}`) : !words.includes("Here"), words);
  }
});

test("the sum that is shown is right", () => {
  const words = sumWords({ logit: -0.006, pooled: -0.0149 }, tallyOf([0.7, -0.7149]), "scans");
  assert.ok(words.startsWith("a logit of **\u22120.01**: **\u22120.01** through scans (+0.70 for the corner, "), words);
  assert.ok(words.includes("\u22120.71 against it), **+0.00** from the shortcut"), words);
});

test("a cell's part is one of its own side", () => {
  const tally = tallyOf([0.75, 0.25, -0.5, -1.5]);
  assert.equal(shareWords(0, tally), "brought this corner nothing.");
  assert.equal(shareWords(0.75, tally), "**+0.750**, 75 % of what cells say for the corner.");
  assert.equal(shareWords(-0.5, tally), "**\u22120.500**, 25 % of what cells say against it.");
});
