/** One test of a pair as a line of the list: outcome, numbers, and its margin as a bar. */
import { make, setText } from "../kit/dom.js";

/** @typedef {import("./test-words.js").TestRow} TestRow */

const MARKS = { passed: "✓", failed: "✗", open: "–" };

/** Make a line, which is empty to begin with. */
export function makeTestRow() {
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
