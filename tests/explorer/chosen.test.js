import assert from "node:assert/strict";
import { test } from "node:test";
import { chosenCorner, chosenCorners, chosenPair, makeQuestion } from "../../assets/explorer/kit/chosen.js";
import { candidateOf, idsOf } from "../../assets/explorer/twins/candidates.js";

const NO_FOCUS = { topLeft: null, bottomRight: null, cell: null };

/** Two candidates of peaks with ids 5, 7 (top-left) and 3, 4 (bottom-right); the second is the detection. */
function makeApp(state) {
  return {
    payload: { key: "one" },
    state: { side: "topLeft", pin: null, ...state },
    decision: {
      topLeft: Int32Array.of(5, 7),
      bottomRight: Int32Array.of(3, 4),
      candidates: { topLeft: Int32Array.of(0, 1), bottomRight: Int32Array.of(0, 1), scores: Float64Array.of(0.9, 0.8) },
      detections: Int32Array.of(1),
    },
  };
}

test("candidates are found again by the ids of their corners", () => {
  const { decision } = makeApp();
  assert.deepEqual(idsOf(decision, 1), { topLeft: 7, bottomRight: 4 });
  assert.equal(candidateOf(decision, { topLeft: 7, bottomRight: 4 }), 1);
  assert.equal(candidateOf(decision, { topLeft: 7, bottomRight: 3 }), -1);
});

test("without a pin the best detection is looked at, else the best candidate, else the best peaks, else nothing", () => {
  const app = makeApp();
  assert.deepEqual(chosenCorners(app), { topLeft: 7, bottomRight: 4 });
  app.decision.detections = new Int32Array(0);
  app.decision.candidates.bottomRight = Int32Array.of(1, 0);
  assert.deepEqual(chosenCorners(app), { topLeft: 5, bottomRight: 4 });
  app.decision.candidates.scores = new Float64Array(0);
  assert.deepEqual(chosenCorners(app), { topLeft: 5, bottomRight: 3 });
  app.decision.topLeft = app.decision.bottomRight = new Int32Array(0);
  assert.equal(chosenCorner(app), null);
});

test("of a pair the chosen side is looked at; a lone corner is, whatever the side", () => {
  const pin = { ...NO_FOCUS, topLeft: 5, bottomRight: 4 };
  assert.deepEqual(chosenCorner(makeApp({ pin })), { side: "topLeft", id: 5 });
  assert.deepEqual(chosenCorner(makeApp({ pin, side: "bottomRight" })), { side: "bottomRight", id: 4 });
  assert.deepEqual(chosenCorner(makeApp({ pin: { ...NO_FOCUS, bottomRight: 3 } })), { side: "bottomRight", id: 3 });
  assert.deepEqual(chosenCorner(makeApp({ pin: { ...NO_FOCUS, cell: [1, 2] } })), { side: "topLeft", id: 7 });
});

test("a lone corner is joined by the partner of its box, if it has one", () => {
  assert.deepEqual(chosenPair(makeApp({ pin: { ...NO_FOCUS, bottomRight: 3 } })), { topLeft: 5, bottomRight: 3 });
  const alone = chosenPair(makeApp({ pin: { ...NO_FOCUS, topLeft: 9 } }));
  assert.deepEqual([alone.topLeft, alone.bottomRight], [9, null]);
});

/** An app whose questions are answered by hand. */
function makeAsking() {
  const asked = [];
  const app = { payload: { key: "one" }, redraws: 0, redraw: () => app.redraws++ };
  app.ask = (question, data) => new Promise((resolve, reject) => asked.push({ question, data, resolve, reject }));
  return { app, asked, want: makeQuestion(app, "corner") };
}
const settle = () => new Promise((resolve) => setTimeout(resolve));

test("a question is asked once, and its answer kept", async () => {
  const { app, asked, want } = makeAsking();
  assert.equal(want({ id: 1 }).isWaiting, true);
  want({ id: 1 });
  assert.equal(asked.length, 1);
  asked[0].resolve("one");
  await settle();
  assert.equal(app.redraws, 1);
  assert.deepEqual(want({ id: 1 }), { answer: "one", problem: "", isWaiting: false });
  assert.equal(asked.length, 1);
});

test("of questions that come faster than answers only the latest is asked", async () => {
  const { asked, want } = makeAsking();
  for (const id of [1, 2, 3]) want({ id });
  asked[0].resolve("one");
  await settle();
  want({ id: 3 });
  assert.deepEqual(
    asked.map(({ data }) => data.id),
    [1, 3],
  );
});

test("a problem is told in its sentence, and asked again only after something else", async () => {
  const { asked, want } = makeAsking();
  want({ id: 1 });
  asked[0].reject(new Error("No such corner."));
  await settle();
  assert.deepEqual(want({ id: 1 }), { answer: null, problem: "No such corner.", isWaiting: false });
  assert.equal(asked.length, 1);
  want({ id: 2 });
  asked[1].resolve("two");
  await settle();
  assert.equal(want({ id: 1 }).isWaiting, true);
  assert.equal(asked.length, 3);
});

test("answers about another image are forgotten, also those on their way", async () => {
  const { app, asked, want } = makeAsking();
  want({ id: 1 });
  app.payload = { key: "two" };
  asked[0].resolve("one");
  await settle();
  assert.equal(want({ id: 1 }).isWaiting, true);
  assert.equal(asked.length, 2);
});
