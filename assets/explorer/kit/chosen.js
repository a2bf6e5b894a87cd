/** Which corner, and which pair, the panels about single corners look at; and what the server says of it. */

import { candidateOf, idsOf } from "../twins/candidates.js";
import { otherSide, SIDES } from "../twins/sides.js";

/** @typedef {import("../types.js").App} App */
/** @typedef {import("../types.js").Side} Side */
/** @typedef {import("../twins/candidates.js").PairIds} PairIds */
/** @typedef {{side: Side, id: number}} Corner */

/**
 * Give the corners to look at: those pinned, else the best detection's, else the best candidate's (so
 * that a least score above all boxes asks the server nothing new), else the best peaks.
 * @param {App} app
 * @returns {{topLeft: number | null, bottomRight: number | null}}
 */
export function chosenCorners(app) {
  const { pin } = app.state;
  if (pin && (pin.topLeft !== null || pin.bottomRight !== null)) return pin;
  const [best] = [...app.decision.detections, ...app.decision.candidates.scores.keys()];
  if (best !== undefined) return idsOf(app.decision, best);
  return { topLeft: app.decision.topLeft[0] ?? null, bottomRight: app.decision.bottomRight[0] ?? null };
}

/**
 * Tell whether two corners are the same one.
 * @param {Corner | null} a
 * @param {Corner | null} b
 */
export function isSameCorner(a, b) {
  return a?.side === b?.side && a?.id === b?.id;
}

/**
 * Give the one corner to look at: of a pair the one that the visitor chose.
 * @param {App} app
 * @returns {Corner | null}
 */
export function chosenCorner(app) {
  const corners = chosenCorners(app);
  for (const side of [app.state.side, otherSide(app.state.side)]) {
    const id = corners[side];
    if (id !== null) return { side, id };
  }
  return null;
}

/**
 * Pin the next one of some candidates, in a circle.
 * @param {App} app
 * @param {number[]} candidates
 * @param {number} by
 */
export function pinNext(app, candidates, by) {
  if (candidates.length === 0) return;
  const now = candidates.indexOf(candidateOf(app.decision, app.focus));
  const next = now < 0 ? 0 : (now + by + candidates.length) % candidates.length;
  app.pin(idsOf(app.decision, candidates[next]));
}

/**
 * Tell the server, which knows no ids, what corner is meant; nothing where it is none.
 * @param {import("../types.js").Payload} payload
 * @param {any} data  A question's side and id.
 */
export function whereabouts(payload, { side, id }) {
  if (id === undefined) return {};
  const column = payload[/** @type {Side} */ (side)];
  return { corner: id, label: column.label[id], cell: [column.x[id], column.y[id]] };
}

/**
 * List the corners of the pair to look at, as the server is told of them.
 * @param {App} app
 * @returns {object[]}
 */
export function cornersToKeep(app) {
  const pair = chosenPair(app);
  return SIDES.flatMap((side) => {
    const id = pair[side];
    return id === null ? [] : [{ side, ...whereabouts(app.payload, { side, id }) }];
  });
}

/**
 * Give a whole pair to look at: a lone corner is joined by the partner of its best box.
 * @param {App} app
 * @returns {{topLeft: number | null, bottomRight: number | null}}
 */
export function chosenPair(app) {
  const corners = chosenCorners(app);
  if (corners.topLeft !== null && corners.bottomRight !== null) return corners;
  const { decision } = app;
  const order = [...decision.detections, ...decision.candidates.scores.keys()];
  const pairs = order.map((candidate) => idsOf(decision, candidate));
  const hasCorner = (/** @type {PairIds} */ ids) =>
    ids.topLeft === corners.topLeft || ids.bottomRight === corners.bottomRight;
  return pairs.find(hasCorner) ?? corners;
}

/**
 * @template Answer
 * @typedef {object} Reply
 * @property {Answer | null} answer
 * @property {string} problem  A sentence; "" if there is none.
 * @property {boolean} isWaiting
 */

/**
 * Make a function that asks the server, one question at a time, and says what is known so far.
 * Of questions that come faster than answers only the latest is asked. When an answer arrives, panels are
 * redrawn, and may want it again.
 * @template Answer
 * @param {App} app
 * @param {string} question
 * @returns {(data: object) => Reply<Answer>}
 */
export function makeQuestion(app, question) {
  /** @type {Map<string, Reply<Answer>>} */
  let known = new Map();
  let payload = "";
  let latest = "";
  let isFlying = false;

  /** @param {object} data @param {string} name */
  async function send(data, name) {
    isFlying = true;
    const key = app.payload.key;
    /** @type {Reply<Answer>} */
    const reply = { answer: null, problem: "", isWaiting: false };
    try {
      reply.answer = await app.ask(question, data);
      if (!reply.answer) reply.problem = "The server gave no answer.";
    } catch (error) {
      reply.problem = error instanceof Error ? error.message : String(error);
    }
    isFlying = false;
    if (key === app.payload.key) known.set(name, reply);
    app.redraw();
  }

  return (data) => {
    if (payload !== app.payload.key) [payload, known] = [app.payload.key, new Map()];
    const name = JSON.stringify(data);
    // What failed is asked again, but only when the visitor comes back to it.
    if (name !== latest && known.get(latest)?.problem) known.delete(latest);
    latest = name;
    const before = known.get(name);
    if (before) return before;
    if (!isFlying) send(data, name);
    return { answer: null, problem: "", isWaiting: true };
  };
}
