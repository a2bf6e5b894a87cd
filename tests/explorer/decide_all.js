/** Decide cases that come as JSON on the standard input, for comparison with Python. */
import { readFileSync } from "node:fs";
import { decide } from "../../assets/explorer/twins/decide.js";
import { explain } from "../../assets/explorer/twins/explain.js";
import { recordsText, rowsOf } from "../../assets/explorer/twins/records.js";
import { groupsOf } from "../../assets/explorer/twins/same-place.js";
import { sentence } from "../../assets/explorer/twins/words.js";
import { plainDecision } from "./plain_decision.js";

/** @typedef {import("../../assets/explorer/types.js").Payload} Payload */
/** @typedef {import("../../assets/explorer/types.js").Settings} Settings */

/** @type {{payload: Payload, settings: Settings, pairs: [number, number][]}[]} */
const cases = JSON.parse(readFileSync(0, "utf-8"));
const answers = cases.map(({ payload, settings, pairs }) => {
  const decision = decide(payload, settings);
  return {
    ...plainDecision(decision),
    places: groupsOf(decision, payload.samePlaceIou).map((group) => group.map((k) => decision.detections.indexOf(k))),
    records: recordsText(rowsOf(payload, decision)),
    explanations: pairs.map(([row, column]) => {
      const found = explain(payload, decision, decision.topLeft[row], decision.bottomRight[column]);
      return { ...found, sentence: sentence(found) };
    }),
  };
});
process.stdout.write(JSON.stringify(answers));
