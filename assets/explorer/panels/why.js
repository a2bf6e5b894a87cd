/** Why? The tests of the pair that is pointed at, its verdict, and what would turn it. */
import { makeBadge } from "../kit/badge.js";
import { chosenCorners } from "../kit/chosen.js";
import { VERDICTS } from "../kit/colours.js";
import { SIDE_NAMES, SIDES } from "../twins/sides.js";
import { factsOf } from "../twins/corner-facts.js";
import { make, setText } from "../kit/dom.js";
import { explain } from "../twins/explain.js";
import { atMost } from "../twins/numbers.js";
import { withMinus } from "../kit/signs.js";
import { describeTests } from "./test-words.js";
import { absenceSentence, sentence } from "../twins/words.js";

/** @typedef {import("../types.js").App} App */
/** @typedef {import("../types.js").Focus} Focus */
/** @typedef {import("../twins/explain.js").Explanation} Explanation */
/** @typedef {import("./test-words.js").TestRow} TestRow */

const MARKS = { passed: "✓", failed: "✗", open: "–" };

/**
 * What is explained: a pair, and why this one.
 * @typedef {object} Subject
 * @property {string} reason
 * @property {import("../twins/corner-facts.js").CornerFacts[]} corners  One or two.
 * @property {Explanation | null} explanation
 */

/** @param {App} app @returns {import("../types.js").Panel} */
export function createWhy(app) {
  const reason = make("span", {});
  const release = make(
    "button",
    { type: "button", class: "cn-button cn-small", title: "Or press Escape", hidden: true, onclick: letGo },
    "Release ×",
  );
  const badge = makeBadge();
  const verdict = make("strong", {});
  const change = make("span", {});
  const said = make("p", { class: "cn-why-verdict", "aria-live": "polite" }, badge.element, " ", verdict, change);
  const corners = SIDES.map(() => make("li", {}));
  const rows = [0, 1, 2, 3, 4].map(makeRow);
  const jump = make(
    "button",
    { type: "button", class: "cn-button", hidden: true, onclick: toSuppressor },
    "Go to that box",
  );
  rows[4].element.append(jump);
  const element = make(
    "div",
    { class: "cn-why" },
    make("p", { class: "cn-why-reason cn-soft" }, reason, " ", release),
    said,
    make("ul", { class: "cn-why-corners" }, ...corners),
    make("ol", { class: "cn-tests" }, ...rows.map((row) => row.element)),
  );
  /** @type {Subject} */
  let subject = { reason: "", corners: [], explanation: null };

  function toSuppressor() {
    const by = subject.explanation?.tests.suppression.suppressor;
    if (by) app.pin({ topLeft: app.decision.topLeft[by[0]], bottomRight: app.decision.bottomRight[by[1]] });
  }

  function letGo() {
    app.set({ pin: null, hover: null });
  }

  function draw() {
    release.hidden = app.state.pin === null;
    subject = subjectOf(app);
    const { explanation } = subject;
    setText(reason, subject.reason);
    corners.forEach((corner, k) => setText(corner, subject.corners[k] ? cornerWords(subject.corners[k]) : ""));
    const tests = explanation ? describeTests(explanation) : [];
    rows.forEach((row, k) => row.show(tests[k] ?? null));
    jump.hidden = !explanation?.tests.suppression.suppressor;
    const fate = explanation && explanation.verdict !== null ? VERDICTS[explanation.verdict] : null;
    badge.show(explanation?.verdict ?? null);
    setText(verdict, fate ? `${capital(fate.words)}. ` : "");
    setText(change, explanation && fate ? sentence(explanation, reachOf(app)) : absenceWords(app, subject));
  }
  const caption = () => {
    const facts = corners
      .map((corner) => corner.textContent)
      .filter(Boolean)
      .join("; ");
    const made = rows
      .map((row) => row.words())
      .filter(Boolean)
      .join("; ");
    return [
      subject.reason,
      facts && `${facts}.`,
      `${verdict.textContent}${change.textContent}`,
      made && `Tests: ${made}.`,
    ]
      .filter(Boolean)
      .join(" ");
  };
  return { element, draw, caption };
}

/**
 * Choose what to explain: the pair pointed at, or a lone corner's best partner, or the best box.
 * @param {App} app
 * @returns {Subject}
 */
function subjectOf(app) {
  const { payload, decision, focus } = app;
  const isPointed = focus.topLeft !== null || focus.bottomRight !== null;
  const { topLeft, bottomRight } = isPointed ? focus : chosenCorners(app);
  const given = { topLeft, bottomRight };
  /** @type {Record<import("../types.js").Side, number | null>} */
  const whole = { ...given };
  for (const [side, other] of /** @type {const} */ ([
    ["topLeft", "bottomRight"],
    ["bottomRight", "topLeft"],
  ])) {
    const id = given[side];
    if (id !== null && given[other] === null) whole[other] = factsOf(payload, decision, side, id).partner;
  }
  const corners = SIDES.flatMap((side) => {
    const id = whole[side];
    return id === null ? [] : [factsOf(payload, decision, side, id)];
  });
  const explanation =
    whole.topLeft !== null && whole.bottomRight !== null
      ? explain(payload, decision, whole.topLeft, whole.bottomRight)
      : null;
  return { reason: reasonOf(app, given, isPointed), corners, explanation };
}

/** @param {App} app @param {Pick<Focus, "topLeft" | "bottomRight">} given @param {boolean} isPointed */
function reasonOf(app, given, isPointed) {
  if (!isPointed && given.topLeft === null && given.bottomRight === null)
    return "No corner was found at these thresholds.";
  if (!isPointed) {
    const what = app.decision.detections.length > 0 ? "the best box" : "the best corners: no box was found";
    return `Nothing is pointed at, so this is ${what}.`;
  }
  const lone = SIDES.find(
    (side) => given[side] !== null && given[side === "topLeft" ? "bottomRight" : "topLeft"] === null,
  );
  const how = app.state.hover ? "that you point at" : "that is pinned";
  return lone ? `The ${SIDE_NAMES[lone]} corner ${how}, with the corner it came furthest with.` : `The pair ${how}.`;
}

/** How far the slider of embedding distances goes. @param {App} app */
function reachOf({ payload }) {
  return payload.ranges.find((range) => range.name === "maxEmbeddingDistance")?.maximum;
}

/** @param {App} app @param {Subject} subject */
function absenceWords(app, subject) {
  const absent = subject.corners.filter((facts) => facts.absent !== null);
  if (absent.length > 0) return absent.map((facts) => absenceSentence(facts, app.decision.settings)).join(" ");
  if (subject.corners.length === 0) return "Lower the least corner score, or try another image.";
  return "There is no other corner to pair it with.";
}

/** @param {import("../twins/corner-facts.js").CornerFacts} facts */
function cornerWords(facts) {
  const name =
    facts.index < 0
      ? `${capital(SIDE_NAMES[facts.side])} corner`
      : `${capital(SIDE_NAMES[facts.side])} corner ${facts.index}`;
  const place = facts.cell.map((cell, k) => withMinus(cell + facts.offset[k], 2)).join(", ");
  return `${name}: ${facts.category}, score ${atMost(facts.score)}, embedding ${withMinus(facts.embedding, 3)}, at (${place}) in cells`;
}

/** @param {string} words */
function capital(words) {
  return words[0].toUpperCase() + words.slice(1);
}

function makeRow() {
  const mark = make("span", { class: "cn-mark", "aria-hidden": "true" });
  const outcome = make("span", { class: "cn-unseen" });
  const name = make("span", { class: "cn-test-name" });
  const numbers = make("span", { class: "cn-numbers" });
  const fill = make("span", { class: "cn-margin-fill" });
  const bar = make("span", { class: "cn-margin", "aria-hidden": "true" }, fill);
  const element = make("li", {}, mark, name, outcome, numbers, bar);

  /** @param {TestRow | null} row */
  function show(row) {
    const state = row === null || row.passed === null ? "open" : row.passed ? "passed" : "failed";
    if (element.dataset.state !== state) element.dataset.state = state;
    element.classList.toggle("cn-decides", row?.decides ?? false);
    setText(mark, MARKS[state]);
    setText(outcome, row ? (state === "open" ? "not decided: " : `${state}: `) : "");
    setText(name, row?.name ?? "");
    setText(numbers, row?.numbers ?? "");
    const share = row?.margin ?? null;
    bar.style.visibility = share === null ? "hidden" : "visible";
    const width = Math.min(1, Math.abs(share ?? 0)) * 50;
    fill.style.left = `${share !== null && share < 0 ? 50 - width : 50}%`;
    fill.style.width = `${width}%`;
  }
  const words = () => (name.textContent ? `${mark.textContent} ${name.textContent}: ${numbers.textContent}` : "");
  return { element, show, words };
}
