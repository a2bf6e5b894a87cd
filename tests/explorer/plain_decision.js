/**
 * Give a decision as plain values, under the names by which Python compares it.
 * @param {import("../../assets/explorer/types.js").Decision} decision
 */
export function plainDecision({ topLeft, bottomRight, verdicts, candidates, detections, funnel }) {
  return {
    topLeft: [...topLeft],
    bottomRight: [...bottomRight],
    verdicts: [...verdicts],
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
    detections: [...detections],
    funnel: funnel.map((step) => step.count),
  };
}
