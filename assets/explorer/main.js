/** The whole explorer: its rows, and its panels in reading order. */
import { createBoxes } from "./panels/boxes.js";
import { createEvidence } from "./panels/evidence.js";
import { createFeatures } from "./panels/features.js";
import { createFunnel } from "./panels/funnel.js";
import { createHeatmap } from "./panels/heatmap.js";
import { createHint } from "./panels/hint.js";
import { createLens } from "./panels/lens.js";
import { createLine } from "./panels/line.js";
import { CAN_BE_LARGE } from "./kit/enlarge.js";
import { mountPanels } from "./kit/mount.js";
import { createMatrix } from "./panels/matrix.js";
import { createPooling } from "./panels/pooling.js";
import { createPredict } from "./panels/predict.js";
import { createRibbon } from "./panels/ribbon.js";
import { createShiftStrip } from "./panels/shift.js";
import { createSliders } from "./panels/sliders.js";
import { createStart } from "./panels/start.js";
import { createKnows, createNote, createSummary } from "./panels/summary.js";
import { createSuppression } from "./panels/suppression.js";
import { createTable } from "./panels/table.js";
import { createToolbar } from "./panels/toolbar.js";
import { createTour } from "./panels/tour.js";
import { createWhy } from "./panels/why.js";

/** @typedef {import("./types.js").App} App */

/** Panels in reading order; "first" to "beside" make up the first screen. */
const PANELS = /** @type {const} */ ([
  ["boxes", "first", createBoxes],
  ["topLeft", "first", (/** @type {App} */ app) => createHeatmap(app, "topLeft")],
  ["bottomRight", "first", (/** @type {App} */ app) => createHeatmap(app, "bottomRight")],
  ["matrix", "tall", createMatrix],
  ["why", "beside", createWhy],
  ["sliders", "dock", createSliders],
  ["funnel", "half", createFunnel],
  ["features", "half", createFeatures],
  ["predict", "wide", createPredict],
  ["evidence", "half", createEvidence],
  ["pooling", "half", createPooling],
  ["line", "wide", createLine],
  ["lens", "half", createLens],
  ["shift", "half", createShiftStrip],
  ["suppression", "half", createSuppression],
  ["table", "half", createTable],
]);

/** @type {import("./kit/mount.js").Layout} */
const WHOLE = {
  guide: createTour,
  rows: (app, host, sections) => [
    createStart(app),
    createToolbar(app, host, sections),
    createRibbon(app),
    createSummary(),
    createKnows(),
    createNote(),
    createHint(host),
  ],
  panels: PANELS,
  enlargeable: CAN_BE_LARGE,
  // The first screen, the funnel of the thresholds, and what one predicts stay open.
  folding: ["features", "evidence", "pooling", "line", "lens", "shift", "suppression", "table"],
};

/**
 * Put the explorer into an element. Call the result's `show` with each payload.
 * @param {HTMLElement} root
 * @param {import("./kit/mount.js").Host} host
 */
export function mount(root, host) {
  root.classList.add("cn-waiting"); // until the first drawing
  return mountPanels(root, host, WHOLE);
}
