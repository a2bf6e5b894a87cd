/** The frames around panels: title, text, body; and drawing only those in sight. */
import { make, setRich, setText } from "./dom.js";
import { forHands } from "./hands.js";

/** @typedef {import("../types.js").App} App */
/** @typedef {import("../types.js").Changes} Changes */

const KINDS = /** @type {const} */ (["payload", "decision", "focus"]);

/**
 * @typedef {object} Section
 * @property {string} name
 * @property {HTMLElement} element
 * @property {import("../types.js").Panel} panel
 * @property {(app: App, changes: Changes) => void} draw  If in sight; else what changed is remembered.
 * @property {(app: App) => boolean} catchUp  Draw a new image that was not drawn out of sight; tell whether
 *   there was one.
 * @property {() => void} flash  Point the section out.
 * @property {() => boolean} isInSight  Whether its picture is, and not its title alone.
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
  const frame = makeFrame(name, size, panel.element);
  const { element } = frame;
  const state = { inSight: true, missed: { payload: true, decision: true, focus: true } };
  new IntersectionObserver(
    ([entry]) => {
      state.inSight = entry.isIntersecting;
      if (state.inSight) redraw();
    },
    { rootMargin: "120px" },
  ).observe(element);

  /** @param {App} app */
  function drawMissed(app) {
    const { missed } = state;
    state.missed = { payload: false, decision: false, focus: false };
    if (missed.payload) frame.show(app);
    panel.draw(app, missed);
  }
  /** @param {App} app @param {Changes} changes */
  function draw(app, changes) {
    for (const kind of KINDS) state.missed[kind] ||= changes[kind];
    if (state.inSight) drawMissed(app);
  }
  /** @param {App} app */
  function catchUp(app) {
    const isNew = state.missed.payload;
    if (isNew) drawMissed(app);
    return isNew;
  }
  const isInSight = () => state.inSight && panel.element.offsetParent !== null;
  return { name, element, panel, draw, catchUp, flash: () => flash(element), isInSight };
}

/** @param {string} name @param {string} size @param {HTMLElement} body */
function makeFrame(name, size, body) {
  const title = make("h3", { class: "cn-title", id: `cn-title-${name}` });
  const text = make("p", { class: "cn-text" });
  const element = make(
    "section",
    { class: `cn-panel cn-${size}`, id: `cn-${name}`, "aria-labelledby": `cn-title-${name}`, tabindex: "-1" },
    title,
    text,
    make("div", { class: "cn-body" }, body),
  );
  /** @param {App} app */
  function show({ payload }) {
    setText(title, payload.texts[name]?.title ?? "");
    setRich(text, forHands(payload.texts[name]?.text ?? ""));
  }
  return { element, show };
}

/** @param {HTMLElement} element */
function flash(element) {
  element.focus({ preventScroll: true });
  element.classList.add("cn-flash");
  setTimeout(() => element.classList.remove("cn-flash"), 1600);
}
