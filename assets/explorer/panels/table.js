/** The answer in numbers: a row for each detection, linked with everything else. */
import { make } from "../kit/dom.js";
import { atLeast, atMost } from "../twins/numbers.js";
import { downloadBlob } from "../kit/plate.js";
import { recordsText, rowsOf } from "../twins/records.js";
import { sameFocus, wholeFocus } from "../kit/store.js";

/** @typedef {import("../types.js").App} App */

const HEAD = ["Category", "Score", "Box (x1, y1, x2, y2)", "Top-left", "Bottom-right", "Distance"];

/** @param {App} app @returns {import("../types.js").Panel} */
export function createTable(app) {
  const body = make("tbody", {});
  const head = make("tr", {}, ...HEAD.map((words) => make("th", { scope: "col" }, words)));
  const table = make("table", { class: "cn-table", "aria-label": "Detections" }, make("thead", {}, head), body);
  const save = make("button", { type: "button", class: "cn-button", onclick: download }, "Detections as JSON");
  const element = make(
    "div",
    {},
    make("div", { class: "cn-table-box", tabindex: "0", role: "region", "aria-label": "Table of detections" }, table),
    save,
  );
  /** @type {import("../twins/records.js").Row[]} */
  let rows = [];
  /** @type {HTMLElement[]} */
  let lines = [];

  function download() {
    const text = recordsText(rowsOf(app.payload, app.decision));
    downloadBlob("detections.json", new Blob([text], { type: "application/json" }));
  }

  /** Where the keyboard is; -1 if it is elsewhere. */
  function place() {
    return lines.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  }

  function rebuild() {
    const before = place();
    rows = rowsOf(app.payload, app.decision);
    lines = rows.map((row) => makeLine(app, row, (by) => lines[(place() + by + lines.length) % lines.length].focus()));
    const nothing = make("td", { colspan: HEAD.length, class: "cn-soft" }, "No box has a score high enough.");
    body.replaceChildren(...(lines.length ? lines : [make("tr", {}, nothing)]));
    lines[before]?.focus({ preventScroll: true });
  }

  /** @param {App} _ @param {import("../types.js").Changes} changes */
  function draw(_, changes) {
    if (changes.payload || changes.decision) rebuild();
    const { topLeft, bottomRight } = app.focus;
    const isPointed = topLeft !== null || bottomRight !== null;
    rows.forEach(({ ids }, k) => {
      const isLit =
        (topLeft === null || topLeft === ids.topLeft) && (bottomRight === null || bottomRight === ids.bottomRight);
      lines[k].classList.toggle("cn-lit", isPointed && isLit);
      lines[k].classList.toggle("cn-dim", isPointed && !isLit);
      if (sameFocus(app.state.pin, wholeFocus(ids))) lines[k].setAttribute("aria-current", "true");
      else lines[k].removeAttribute("aria-current");
    });
  }
  const caption = () => rows.map((row) => `${row.label} ${atMost(row.exactScore)}`).join(", ");
  return { element, draw, caption };
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
