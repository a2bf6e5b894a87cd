/** The frames around panels: title, text, body; and drawing only those in sight. */
import { make, setRich, setText } from "./dom.js";

/** @typedef {import("../types.js").App} App */
/** @typedef {import("../types.js").Changes} Changes */

/**
 * @typedef {object} Section
 * @property {string} name
 * @property {HTMLElement} element
 * @property {import("../types.js").Panel} panel
 * @property {(app: App, changes: Changes) => void} draw  If in sight; else what changed is remembered.
 * @property {(app: App) => boolean} catchUp  Draw a new image that was not drawn out of sight; tell whether there was one.
 * @property {() => void} flash  Point the section out.
 * @property {() => boolean} isInSight
 */

/**
 * Frame panels.
 * @param {{name: string, size: string, panel: import("../types.js").Panel}[]} parts
 * @param {() => void} redraw  Called when a panel comes into sight.
 * @returns {Section[]}
 */
export function makeSections(parts, redraw) {
  return parts.map((part) => makeSection(part, redraw));
}

/**
 * @param {{name: string, size: string, panel: import("../types.js").Panel}} part
 * @param {() => void} redraw
 * @returns {Section}
 */
function makeSection({ name, size, panel }, redraw) {
  const title = make("h3", { class: "cn-title", id: `cn-title-${name}` });
  const text = make("p", { class: "cn-text" });
  const element = make(
    "section",
    { class: `cn-panel cn-${size}`, id: `cn-${name}`, "aria-labelledby": `cn-title-${name}`, tabindex: "-1" },
    title,
    text,
    make("div", { class: "cn-body" }, panel.element),
  );
  let inSight = true;
  /** @type {Changes} */
  let missed = { payload: true, decision: true, focus: true };
  new IntersectionObserver(
    ([entry]) => {
      inSight = entry.isIntersecting;
      if (inSight) redraw();
    },
    { rootMargin: "120px" },
  ).observe(element);

  /** @param {App} app @param {Changes} changes */
  function draw(app, changes) {
    missed = {
      payload: missed.payload || changes.payload,
      decision: missed.decision || changes.decision,
      focus: missed.focus || changes.focus,
    };
    if (inSight) drawMissed(app);
  }

  /** @param {App} app */
  function drawMissed(app) {
    const now = missed;
    missed = { payload: false, decision: false, focus: false };
    if (now.payload) {
      setText(title, app.payload.texts[name]?.title ?? "");
      setRich(text, app.payload.texts[name]?.text ?? "");
    }
    panel.draw(app, now);
  }

  /** @param {App} app */
  function catchUp(app) {
    const isNew = missed.payload;
    if (isNew) drawMissed(app);
    return isNew;
  }
  function flash() {
    element.focus({ preventScroll: true });
    element.classList.add("cn-flash");
    setTimeout(() => element.classList.remove("cn-flash"), 1600);
  }
  const isInSight = () => inSight && element.offsetParent !== null;
  return { name, element, panel, draw, catchUp, flash, isInSight };
}
