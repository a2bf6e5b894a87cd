/** A view as a query, so that a link reproduces it: image, settings, pin, category, what is large, tour. */
import { SIDES } from "../twins/sides.js";
import { CAN_BE_LARGE } from "./enlarge.js";
import { NOWHERE } from "./store.js";

/** @typedef {import("../types.js").Payload} Payload */
/** @typedef {import("../types.js").Settings} Settings */
/** @typedef {import("../types.js").State} State */

// Names of the steps that `countSteps` in twins/decide.js counts.
const STEPS = ["maxima", "cornerScore", "topK", "category", "order", "distance", "score", "suppression", "boxes"];

/**
 * Write what differs from the model's own settings and an untouched view, in a fixed order.
 * @param {Payload} payload
 * @param {State} state
 */
export function writeView(payload, state) {
  const query = new URLSearchParams(payload.source);
  if (!payload.source) query.set("own", "1");
  query.set("model", payload.model);
  for (const name of namesOf(payload)) {
    if (state.settings[name] !== payload.settings[name]) query.set(name, String(state.settings[name]));
  }
  const { pin } = state;
  if (pin?.cell) query.set("cell", pin.cell.join("-"));
  else if (pin) query.set("pin", SIDES.map((side) => pin[side] ?? "").join("-"));
  if (state.label >= 0) query.set("label", payload.categories[state.label]);
  if (state.side !== "topLeft") query.set("side", state.side);
  if (state.fallen) query.set("fallen", state.fallen);
  if (state.stop) query.set("stop", state.stop);
  if (state.tab !== payload.vocabulary.tabs[0].name) query.set("tab", state.tab);
  if (state.large) query.set("large", state.large);
  for (const mode of /** @type {const} */ (["projector", "predict"])) if (state[mode]) query.set(mode, "1");
  return query.toString();
}

/**
 * Read a view. An empty query changes nothing; in any other one, settings, pin and category that it
 * leaves out are the untouched ones. What has no meaning here is ignored; ids of another model have none, nor
 * have those of somebody's own image, which no link brings back.
 * @param {string} query
 * @param {Payload} payload
 * @param {State} state  What holds without the query.
 * @returns {Partial<State>}
 */
export function readView(query, payload, state) {
  const given = new URLSearchParams(query);
  if ([...given.keys()].length === 0) return {};
  const isOtherModel = given.has("model") && given.get("model") !== payload.model;
  const isOtherImage = given.has("own") && payload.source !== "";
  const stop = given.get("stop");
  const { tabs } = payload.vocabulary;
  return {
    settings: readSettings(given, payload),
    pin: isOtherModel || isOtherImage ? null : readPin(given, payload),
    label: payload.categories.indexOf(given.get("label") ?? ""),
    side: given.get("side") === "bottomRight" ? "bottomRight" : "topLeft",
    fallen: STEPS.find((step) => step === given.get("fallen")) ?? null,
    stop: payload.tour.some((one) => one.id === stop) ? stop : state.stop,
    tab: (tabs.find(({ name }) => name === given.get("tab")) ?? tabs[0]).name,
    large: CAN_BE_LARGE.find((name) => name === given.get("large")) ?? state.large,
    projector: readSwitch(given.get("projector"), state.projector),
    predict: readSwitch(given.get("predict"), stop === null && state.predict),
  };
}

/** @param {string | null} value @param {boolean} otherwise */
function readSwitch(value, otherwise) {
  return value === "1" || (value !== "0" && otherwise);
}

/** The settings that a link may change: those with a control. @param {Payload} payload */
function namesOf({ ranges }) {
  return /** @type {(keyof Settings)[]} */ ([...ranges.map((range) => range.name), "nms"]);
}

/** @param {URLSearchParams} given @param {Payload} payload @returns {Settings} */
function readSettings(given, payload) {
  const settings = { ...payload.settings };
  for (const range of payload.ranges) {
    const value = readNumber(given.get(range.name));
    if (value !== null && isOnOffer(value, range)) settings[range.name] = value;
  }
  const nms = payload.vocabulary.nms.find((kind) => kind.name === given.get("nms"));
  return nms ? { ...settings, nms: nms.name } : settings;
}

/**
 * Tell whether a control may have a value. Counts must be whole steps; other numbers may lie between.
 * @param {number} value
 * @param {import("../types.js").Range} range
 */
export function isOnOffer(value, { minimum, maximum, step }) {
  if (!(value >= minimum && value <= maximum)) return false;
  return step < 1 || Number.isInteger((value - minimum) / step);
}

/** @param {string | null} text */
function readNumber(text) {
  return text !== null && /^\d+(\.\d+)?(e-?\d+)?$/.test(text) ? Number(text) : null;
}

/** @param {URLSearchParams} given @param {Payload} payload @returns {State["pin"]} */
function readPin(given, payload) {
  const cell = /^(\d+)-(\d+)$/.exec(given.get("cell") ?? "");
  if (cell) {
    const [x, y] = [Number(cell[1]), Number(cell[2])];
    const isInside = x < payload.cells.width && y < payload.cells.height;
    return isInside ? { ...NOWHERE, cell: [x, y] } : null;
  }
  const ids = /^(\d*)-(\d*)$/.exec(given.get("pin") ?? "");
  if (!ids) return null;
  const [topLeft, bottomRight] = SIDES.map((_, k) => (ids[k + 1] === "" ? null : Number(ids[k + 1])));
  const isThere =
    (topLeft ?? 0) < payload.topLeft.score.length && (bottomRight ?? 0) < payload.bottomRight.score.length;
  const isNothing = topLeft === null && bottomRight === null;
  return isNothing || !isThere ? null : { topLeft, bottomRight, cell: null };
}
