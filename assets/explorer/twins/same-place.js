/** Boxes of several categories that claim one place: the twin of Python's `same_place`. */
import { iou } from "./suppress.js";

/**
 * Group the detections: each with the later ones, of other categories, that claim its place.
 * @param {import("../types.js").Decision} decision
 * @param {number} least  IoU from which on two boxes claim one place.
 * @returns {number[][]}  Candidates, the best first.
 */
export function groupsOf({ candidates, detections }, least) {
  const free = new Set(detections);
  return Array.from(detections).flatMap((first) => {
    if (!free.has(first)) return [];
    const members = new Map([[candidates.labels[first], first]]);
    free.delete(first);
    for (const other of free) {
      const label = candidates.labels[other];
      if (!members.has(label) && iou(candidates.boxes, first, candidates.boxes, other) >= least)
        members.set(label, other);
    }
    for (const member of members.values()) free.delete(member);
    return [[...members.values()]];
  });
}
