/** Decide cases that come as JSON on the standard input, for comparison with Python. */
import { readFileSync } from "node:fs";
import { decide } from "../../assets/explorer/twins/decide.js";
import { explain } from "../../assets/explorer/twins/explain.js";
import { recordsText, rowsOf } from "../../assets/explorer/twins/records.js";
import { groupsOf } from "../../assets/explorer/twins/same-place.js";
import { sentence } from "../../assets/explorer/twins/words.js";

/**
 * @type {{payload: import("../../assets/explorer/types.js").Payload, settings: import("../../assets/explorer/types.js").Settings, pairs: [number, number][]}[]}
 */
const cases = JSON.parse(readFileSync(0, "utf-8"));
const answers = cases.map(({ payload, settings, pairs }) => {
  const decision = decide(payload, settings);
  const { candidates } = decision;
  return {
    topLeft: [...decision.topLeft],
    bottomRight: [...decision.bottomRight],
    verdicts: [...decision.verdicts],
    candidates: {
      rows: [...candidates.topLeft],
      columns: [...candidates.bottomRight],
      boxes: [...candidates.boxes],
      scores: [...candidates.scores],
      labels: [...candidates.labels],
      finalScores: [...candidates.finalScores],
      strongest: [...candidates.strongest],
      factors: [...candidates.strongestFactor],
      isDetection: [...candidates.isDetection].map(Boolean),
    },
    places: groupsOf(decision, payload.samePlaceIou).map((group) => group.map((k) => decision.detections.indexOf(k))),
    funnel: decision.funnel.map((step) => step.count),
    records: recordsText(rowsOf(payload, decision)),
    explanations: pairs.map(([row, column]) => {
      const found = explain(payload, decision, decision.topLeft[row], decision.bottomRight[column]);
      return { ...found, sentence: sentence(found) };
    }),
  };
});
process.stdout.write(JSON.stringify(answers));
