/** The answer in words. */
import { make, setText } from "../kit/dom.js";
import { asSet, atMost } from "../twins/numbers.js";
import { groupsOf } from "../twins/same-place.js";

const MOST = 8; // objects named

/** Make the line that says what was found, also to those who cannot see it. */
export function createSummary() {
  const element = make("p", { class: "cn-summary", role: "status" });

  /** @param {import("../types.js").App} app @param {import("../types.js").Changes} changes */
  function draw(app, changes) {
    if (changes.payload || changes.decision) setText(element, summary(app.payload, app.decision));
  }
  return { element, draw };
}

/** Make the line that says what the model can see at all, with the whole list where it is long. */
export function createKnows() {
  const element = make("div", { class: "cn-knows cn-soft" });
  let written = "";

  /** @param {import("../types.js").App} app @param {import("../types.js").Changes} changes */
  function draw(app, changes) {
    const { model, knows, knowsMore, categories } = app.payload;
    const line = `${model} ${knows}.`;
    if (!changes.payload || line === written) return; // a list that was opened stays open
    written = line;
    element.replaceChildren(
      knowsMore ? make("details", {}, make("summary", {}, line), make("div", {}, categories.join(", "))) : line,
    );
  }
  return { element, draw };
}

/** Make the line that says what is to be known of the image. */
export function createNote() {
  const element = make("p", { class: "cn-note cn-soft", hidden: true });

  /** @param {import("../types.js").App} app @param {import("../types.js").Changes} changes */
  function draw(app, changes) {
    if (!changes.payload) return;
    element.hidden = app.payload.note === "";
    setText(element, app.payload.note);
  }
  return { element, draw };
}

/**
 * Say what was found, or at which test all pairs failed.
 * @param {import("../types.js").Payload} payload
 * @param {import("../types.js").Decision} decision
 */
export function summary(payload, decision) {
  const { detections, candidates, settings } = decision;
  if (detections.length === 0) {
    if (candidates.scores.length === 0) return "No objects: no pair of corners passed every test.";
    return `No objects: no box has a score of ${asSet(settings.minScore)} or more.`;
  }
  const groups = groupsOf(decision, payload.samePlaceIou);
  const word = (/** @type {number} */ k) =>
    `${payload.categories[candidates.labels[k]]} ${atMost(candidates.finalScores[k])}`;
  const named = groups
    .slice(0, MOST)
    .map(([first, ...others]) => word(first) + (others.length ? ` (or ${others.map(word).join(", ")})` : ""));
  const more = groups.length > MOST ? `, and ${groups.length - MOST} more` : "";
  const truth = payload.truth ? truthWords(payload.truth.boxes.length) : "";
  const shared =
    groups.length < detections.length
      ? " Several categories claim one place: each has its own heatmaps, so nothing chooses between them."
      : "";
  return `${groups.length} ${groups.length === 1 ? "object" : "objects"}: ${named.join(", ")}${more}.${shared}${truth}`;
}

/** @param {number} count  Of the objects that are really there. */
function truthWords(count) {
  if (count === 0) return " Nothing that is there is of a kind that this model knows.";
  return ` Dashed outlines: the ${count} that are really there.`;
}
