/** When panels are drawn: once a frame at most, what is in sight first. */
import { forgetTheme } from "./dom.js";
import { fold } from "./fold.js";
import { queryOf } from "./link.js";

/** @typedef {import("./mount.js").Mounted} Mounted */
/** @typedef {import("../types.js").Changes} Changes */

const ADDRESS_DELAY = 250; // milliseconds; browsers refuse an address that changes at every move

/**
 * Note what is new, and have it drawn in the next frame.
 * @param {Mounted} mounted
 * @param {Changes} more
 */
export function change(mounted, more) {
  const { changes } = mounted;
  for (const name of /** @type {const} */ (["payload", "decision", "focus"])) changes[name] ||= more[name];
  if (mounted.isScheduled || !mounted.app.payload) return;
  mounted.isScheduled = true;
  requestAnimationFrame(() => paint(mounted));
}

/** @param {Mounted} mounted */
function paint(mounted) {
  const started = performance.now();
  const { app, changes } = mounted;
  mounted.changes = { payload: false, decision: false, focus: false };
  mounted.isScheduled = false;
  markModes(mounted);
  for (const row of mounted.rows) row.draw(app, changes);
  for (const section of mounted.sections) section.draw(app, changes);
  if (changes.payload) setTimeout(() => catchUp(mounted));
  if (mounted.host.ownsAddress && !app.state.hover) {
    clearTimeout(mounted.writing);
    mounted.writing = window.setTimeout(() => writeAddress(mounted), ADDRESS_DELAY);
  }
  const kind = changes.payload ? "payload" : changes.decision ? "decision" : "focus";
  mounted.timings[kind].push(performance.now() - started);
}

/** @param {Mounted} mounted */
function markModes({ root, host, app, sections }) {
  root.classList.remove("cn-waiting");
  root.classList.toggle("cn-projector", app.state.projector);
  if (host.ownsAddress) document.body.classList.toggle("cn-projecting", app.state.projector);
  root.classList.toggle("cn-predicting", app.state.predict);
  root.classList.toggle("cn-touring", app.state.stop !== null);
  root.classList.toggle("cn-has-large", app.state.large !== null);
  for (const { name, element } of sections) element.classList.toggle("cn-large", app.state.large === name);
}

/** @param {Mounted} mounted */
function writeAddress({ app }) {
  history.replaceState(history.state, "", `?${queryOf(app)}`);
}

/** Draw a new image out of sight too, a panel after the other. @param {Mounted} mounted */
function catchUp(mounted) {
  const { app, sections } = mounted;
  if (sections.some((section) => section.catchUp(app))) setTimeout(() => catchUp(mounted));
}

/**
 * Scroll to a panel and point it out.
 * @param {Mounted} mounted
 * @param {string} panel
 */
export function showSection({ app, sections }, panel) {
  for (const section of sections) section.catchUp(app); // heights must be right before one jumps
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const section = sections.find((candidate) => candidate.name === panel);
  if (section) fold(section.element, false);
  section?.element.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
  section?.flash();
}

/**
 * Scroll the page to where it was.
 * @param {Mounted} mounted
 * @param {number} top
 */
export function showPlace({ app, sections }, top) {
  for (const section of sections) section.catchUp(app);
  scrollTo({ top, behavior: "instant" });
}

/**
 * Draw again in the colours of a new theme: the page's own, or the system's.
 * @param {() => void} redraw
 */
export function followTheme(redraw) {
  const follow = () => {
    forgetTheme();
    redraw();
  };
  new MutationObserver(follow).observe(document.body, { attributeFilter: ["class"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", follow);
}
