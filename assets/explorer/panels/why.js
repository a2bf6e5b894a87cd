/** Why? The tests of the pair that is pointed at, its verdict, and what would turn it. */
import { makeBadge } from "../kit/badge.js";
import { make, setText } from "../kit/dom.js";
import { withMinus } from "../kit/signs.js";
import { atMost } from "../twins/numbers.js";
import { SIDES } from "../twins/sides.js";
import { absenceSentence, sentence } from "../twins/words.js";
import { makeTestRow } from "./test-row.js";
import { describeTests } from "./test-words.js";
import { subjectOf } from "./why-subject.js";

/** @typedef {import("../types.js").App} App */
/** @typedef {import("./why-subject.js").Subject} Subject */
/** @typedef {ReturnType<typeof makeParts>} Parts */

/** @param {App} app @returns {import("../types.js").Panel} */
export function createWhy(app) {
  /** @type {{subject: Subject}} */
  const shown = { subject: { reason: "", corners: [], explanation: null } };
  const parts = makeParts({
    release: () => app.set({ pin: null, hover: null }),
    jump: () => pinSuppressor(app, shown.subject),
  });
  function draw() {
    shown.subject = subjectOf(app);
    show(app, shown.subject, parts);
  }
  return { element: parts.element, draw, caption: () => captionOf(shown.subject, parts) };
}

/** @param {{release: () => void, jump: () => void}} actions */
function makeParts(actions) {
  const release = button("cn-button cn-small", "Release ×", actions.release);
  release.title = "Or press Escape";
  const jump = button("cn-button", "Go to that box", actions.jump);
  const [reason, change] = [make("span", {}), make("span", {})];
  const verdict = make("strong", {});
  const badge = makeBadge();
  const corners = SIDES.map(() => make("li", {}));
  const rows = Array.from({ length: 5 }, makeTestRow);
  rows[4].element.append(jump);
  const element = make(
    "div",
    { class: "cn-why" },
    make("p", { class: "cn-why-reason cn-soft" }, reason, " ", release),
    make("p", { class: "cn-why-verdict", "aria-live": "polite" }, badge.element, " ", verdict, change),
    make("ul", { class: "cn-why-corners" }, ...corners),
    make("ol", { class: "cn-tests" }, ...rows.map((row) => row.element)),
  );
  return { element, reason, release, badge, verdict, change, corners, rows, jump };
}

/** @param {string} look @param {string} words @param {() => void} onclick */
function button(look, words, onclick) {
  return make("button", { type: "button", class: look, hidden: true, onclick }, words);
}

/** @param {App} app @param {Subject} subject */
function pinSuppressor({ pin, decision }, { explanation }) {
  const by = explanation?.tests.suppression.suppressor;
  if (by) pin({ topLeft: decision.topLeft[by[0]], bottomRight: decision.bottomRight[by[1]] });
}

/** @param {App} app @param {Subject} subject @param {Parts} parts */
function show(app, subject, parts) {
  const { explanation } = subject;
  parts.release.hidden = app.state.pin === null;
  setText(parts.reason, subject.reason);
  const { sides, verdicts } = app.payload.vocabulary;
  const facts = subject.corners.map((corner) => cornerWords(corner, sides[corner.side]));
  parts.corners.forEach((corner, k) => setText(corner, facts[k] ?? ""));
  const tests = explanation ? describeTests(explanation) : [];
  parts.rows.forEach((row, k) => row.show(tests[k] ?? null));
  parts.jump.hidden = !explanation?.tests.suppression.suppressor;
  const verdict = explanation?.verdict ?? null;
  const fate = verdict === null ? null : verdicts[verdict];
  parts.badge.show(fate);
  setText(parts.verdict, fate ? `${capital(fate.words)}. ` : "");
  const change = explanation && fate ? sentence(explanation, reachOf(app)) : absenceWords(app, subject);
  setText(parts.change, change);
}

/** @param {Subject} subject @param {Parts} parts */
function captionOf(subject, { corners, rows, verdict, change }) {
  const facts = joined(corners.map((corner) => corner.textContent));
  const tests = joined(rows.map((row) => row.words()));
  const fate = `${verdict.textContent}${change.textContent}`;
  return [subject.reason, facts && `${facts}.`, fate, tests && `Tests: ${tests}.`].filter(Boolean).join(" ");
}

/** @param {(string | null)[]} parts */
function joined(parts) {
  return parts.filter(Boolean).join("; ");
}

/** How far the slider of embedding distances goes. @param {App} app */
function reachOf({ payload }) {
  return payload.ranges.find((range) => range.name === "maxEmbeddingDistance")?.maximum;
}

/** @param {App} app @param {Subject} subject */
function absenceWords(app, subject) {
  const { settings } = app.decision;
  const absent = subject.corners.filter((facts) => facts.absent !== null);
  if (absent.length > 0)
    return absent.map((facts) => absenceSentence(facts, settings, app.payload.vocabulary.sides)).join(" ");
  if (subject.corners.length === 0) return "Lower the least corner score, or try another image.";
  return "There is no other corner to pair it with.";
}

/** @param {import("../twins/corner-facts.js").CornerFacts} facts @param {string} side  Its name. */
function cornerWords(facts, side) {
  const kind = `${capital(side)} corner`;
  const name = facts.index < 0 ? kind : `${kind} ${facts.index}`;
  const place = facts.cell.map((cell, k) => withMinus(cell + facts.offset[k], 2)).join(", ");
  const numbers = `score ${atMost(facts.score)}, embedding ${withMinus(facts.embedding, 3)}`;
  return `${name}: ${facts.category}, ${numbers}, at (${place}) in cells`;
}

/** @param {string} words */
function capital(words) {
  return words[0].toUpperCase() + words.slice(1);
}
