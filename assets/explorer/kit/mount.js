/** The explorer's frame: one payload in, many linked panels out. */
import { actionsOf } from "./actions.js";
import { make } from "./dom.js";
import { letEnlarge } from "./enlarge.js";
import { listenToEscape, released } from "./escape.js";
import { letFold } from "./fold.js";
import { followTheme } from "./painting.js";
import { receive } from "./receive.js";
import { makeSections } from "./sections.js";
import { NOWHERE } from "./store.js";

/** @typedef {import("../types.js").App} App */
/** @typedef {import("../types.js").Changes} Changes */
/** @typedef {import("../types.js").Panel} Panel */
/** @typedef {import("./sections.js").Section} Section */

/**
 * What the explorer asks of the page that holds it.
 * @typedef {object} Host
 * @property {((question: string, data: object) => Promise<any>) | null} ask  Null where no server answers.
 * @property {((query: string) => void) | null} go  Load another image.
 * @property {((corners: object[]) => void) | null} exportPage  Hand over this view, and what is known of
 *   corners, as one file.
 * @property {((tab: string) => void) | null} openTab  Open another tab of the page.
 * @property {((model: string) => void) | null} changeModel  Let another model answer the same image.
 * @property {boolean} ownsAddress  Whether the address bar may hold the view.
 */

/** There is nobody to ask, and no address to keep. @type {Host} */
export const NOBODY = { ask: null, go: null, exportPage: null, openTab: null, changeModel: null, ownsAddress: false };

/**
 * What an explorer is made of: rows that stand above its panels, and the panels in reading order.
 * @typedef {object} Layout
 * @property {(app: App, host: Host) => Row} [guide]  What stands beside all of it.
 * @property {(app: App, host: Host, sections: () => Section[]) => Row[]} rows
 * @property {readonly (readonly [string, string, (app: App) => Panel])[]} panels
 * @property {readonly string[]} enlargeable  Panels that can be enlarged.
 * @property {readonly string[]} [folding]  Panels that are folded on a phone.
 *
 * @typedef {{element: HTMLElement, draw: (app: App, changes: Changes) => void}} Row
 */

/**
 * What a mounted explorer remembers.
 * @typedef {object} Mounted
 * @property {HTMLElement} root
 * @property {Host} host
 * @property {App} app
 * @property {Row[]} rows
 * @property {Section[]} sections
 * @property {Map<string, Promise<any>>} answered  Answers to questions about the payload, by question.
 * @property {Changes} changes  Since the last drawing.
 * @property {boolean} isScheduled  Whether a drawing will come.
 * @property {number} received  Payloads so far.
 * @property {number} writing  The timer that writes the address.
 * @property {string} wanted  The query that sets the view of the next payload.
 * @property {{focus: number[], decision: number[], payload: number[]}} timings  Milliseconds of each drawing.
 */

/**
 * Put panels into an element. Call the result's `show` with each payload.
 * @param {HTMLElement} root
 * @param {Host} host
 * @param {Layout} layout
 */
export function mountPanels(root, host, layout) {
  const app = /** @type {App} */ ({ focus: NOWHERE });
  /** @type {Mounted} */
  const mounted = {
    root,
    host,
    app,
    rows: [],
    sections: [],
    answered: new Map(),
    changes: { payload: true, decision: true, focus: true },
    isScheduled: false,
    received: 0,
    writing: 0,
    wanted: host.ownsAddress ? location.search.slice(1) : "",
    timings: { focus: [], decision: [], payload: [] },
  };
  Object.assign(app, actionsOf(mounted));
  const rows = layout.rows(app, host, () => mounted.sections);
  const guide = layout.guide ? [layout.guide(app, host)] : [];
  mounted.rows = [...guide, ...rows];
  const parts = layout.panels.map(([name, size, create]) => ({ name, size, panel: create(app) }));
  mounted.sections = makeSections(parts, app.redraw);
  for (const section of mounted.sections) {
    if (layout.enlargeable.includes(section.name)) letEnlarge(app, section);
    if (layout.folding?.includes(section.name)) letFold(section);
  }
  const grid = make("div", { class: "cn-grid" }, ...mounted.sections.map((section) => section.element));
  root.classList.add("cn-explorer");
  const stage = make("div", { class: "cn-stage" }, ...rows.map((row) => row.element), grid);
  root.replaceChildren(...guide.map((row) => row.element), stage);
  listenToEscape(root, () => app.payload && app.set(released(app.state)));
  followTheme(app.redraw);
  /** @param {import("../types.js").Payload} payload @param {string} [view]  A query that sets the view. */
  const show = (payload, view) => receive(mounted, payload, view);
  return { show, app, timings: mounted.timings };
}
