/** Questions about corners: answered by what was worked out beforehand, or by the server, each once. */
import { whereabouts } from "./chosen.js";

/** @typedef {import("./mount.js").Mounted} Mounted */
/** @typedef {import("../types.js").App} App */

/** @param {Mounted} mounted @param {string} question @param {object} data @returns {ReturnType<App["ask"]>} */
export function ask(mounted, question, data) {
  const { app, host, answered } = mounted;
  const known = keptAnswer(app.payload, question, data);
  if (known) return Promise.resolve(known.answer);
  if (!host.ask) return Promise.reject(new Error(refusal(mounted, question, data)));
  const request = JSON.stringify([question, data]);
  const before = answered.get(request);
  if (before) return before;
  const answer = host.ask(question, { ...data, ...whereabouts(app.payload, data), key: app.payload.key });
  answered.set(request, answer);
  answer.catch(() => mounted.answered.delete(request));
  return answer;
}

/** @param {Mounted} mounted @param {string} question @param {object} data @returns {ReturnType<App["refusal"]>} */
export function refusal({ app, host }, question, data) {
  if (host.ask || keptAnswer(app.payload, question, data)) return "";
  const count = app.payload.answers.filter((answer) => answer.question === question).length;
  if (count === 0) return "This page was saved without this answer; to get it, run the app.";
  return `This page was saved with this answer for ${count} corners; for any other one, run the app.`;
}

/** @param {import("../types.js").Payload} payload @param {string} question @param {any} data */
function keptAnswer({ answers }, question, { side, id }) {
  return answers.find((answer) => answer.question === question && answer.side === side && answer.id === id);
}
