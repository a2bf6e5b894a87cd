/** The answer in numbers: a row for each detection, linked with everything else. */
import { make } from "../kit/dom.js";
import { atLeast, atMost } from "../twins/numbers.js";
import { downloadBlob } from "../kit/plate.js";
import { recordsText, rowsOf } from "../twins/records.js";
import { hasCorners, sameFocus, wholeFocus } from "../kit/store.js";

/** @typedef {import("../types.js").App} App */

const HEAD = ["Category", "Score", "Box (x1, y1, x2, y2), image px", "Top-left", "Bottom-right", "Distance"];

/**
 * The rows that are shown, and their elements.
 * @typedef {object} Lines
 * @property {import("../twins/records.js").Row[]} rows
 * @property {HTMLElement[]} elements
 */

/** @param {App} app @returns {import("../types.js").Panel} */
export function createTable(app) {
  /** @type {Lines} */
  const lines = { rows: [], elements: [] };
  const body = make("tbody", {});
  const head = make("tr", {}, ...HEAD.map((words) => make("th", { scope: "col" }, words)));
  const table = make("table", { class: "cn-table", "aria-label": "Detections" }, make("thead", {}, head), body);
  const look = { class: "cn-table-box", tabindex: "0", role: "region", "aria-label": "Table of detections" };
  const save = make("button", { type: "button", class: "cn-button" }, "Detections as JSON");
  save.addEventListener("click", () => download(app));

  /** @param {App} _ @param {import("../types.js").Changes} changes */
  function draw(_, changes) {
    if (changes.payload || changes.decision) rebuild(app, lines, body);
    light(app, lines);
  }
  const caption = () => lines.rows.map((row) => `${row.label} ${atMost(row.exactScore)}`).join(", ");
  return { element: make("div", {}, make("div", look, table), save), draw, caption };
}

/** @param {App} app */
function download({ payload, decision }) {
  const text = recordsText(rowsOf(payload, decision));
  downloadBlob("detections.json", new Blob([text], { type: "application/json" }));
}

/** Where the keyboard is; -1 if it is elsewhere. @param {Lines} lines */
function placeIn({ elements }) {
  return elements.indexOf(/** @type {HTMLElement} */ (document.activeElement));
}

/** @param {App} app @param {Lines} lines  Is changed. @param {HTMLElement} body */
function rebuild(app, lines, body) {
  const before = placeIn(lines);
  /** @param {number} by */
  function step(by) {
    const { elements } = lines;
    elements[(placeIn(lines) + by + elements.length) % elements.length].focus();
  }
  lines.rows = rowsOf(app.payload, app.decision);
  lines.elements = lines.rows.map((row) => makeLine(app, row, step));
  const nothing = make("td", { colspan: HEAD.length, class: "cn-soft" }, "No box has a score high enough.");
  body.replaceChildren(...(lines.rows.length ? lines.elements : [make("tr", {}, nothing)]));
  lines.elements[before]?.focus({ preventScroll: true });
}

/** Mark what is pointed at and what is pinned. @param {App} app @param {Lines} lines */
function light({ focus, state }, { rows, elements }) {
  const isPointed = focus.topLeft !== null || focus.bottomRight !== null;
  rows.forEach(({ ids }, k) => {
    const isLit = hasCorners(focus, ids);
    elements[k].classList.toggle("cn-lit", isPointed && isLit);
    elements[k].classList.toggle("cn-dim", isPointed && !isLit);
    if (sameFocus(state.pin, wholeFocus(ids))) elements[k].setAttribute("aria-current", "true");
    else elements[k].removeAttribute("aria-current");
  });
}

/**
 * @param {App} app
 * @param {import("../twins/records.js").Row} row
 * @param {(by: number) => void} onArrow
 */
function makeLine(app, row, onArrow) {
  const colour = app.payload.colours[app.decision.candidates.labels[row.candidate]];
  const swatch = make("span", { class: "cn-swatch" });
  swatch.style.backgroundColor = colour;
  const numbers = [
    atMost(row.exactScore),
    row.shortBox.join(", "),
    atMost(row.topLeft),
    atMost(row.bottomRight),
    atLeast(row.distance),
  ];
  const cells = [make("th", { scope: "row" }, swatch, row.label), ...numbers.map((words) => make("td", {}, words))];
  const line = make(
    "tr",
    { tabindex: "0", onpointerenter: () => app.hover(row.ids), onpointerleave: () => app.hover(null) },
    ...cells,
  );
  line.addEventListener("focus", () => line.matches(":focus-visible") && app.hover(row.ids));
  line.addEventListener("blur", () => app.hover(null));
  line.addEventListener("click", () => app.pin(row.ids));
  line.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") app.pin(row.ids);
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") onArrow(event.key === "ArrowDown" ? 1 : -1);
    else return;
    event.preventDefault();
  });
  return line;
}
