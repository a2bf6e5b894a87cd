/** Who taps reads of taps. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { forHands } from "../../assets/explorer/kit/hands.js";

const LESSONS = new URL("../../assets/lessons/panels/", import.meta.url);

test("no panel's text asks a finger to point or to click", () => {
  const texts = readdirSync(LESSONS).map((name) => readFileSync(new URL(name, LESSONS), "utf-8"));
  assert.ok(texts.some((text) => /point at|click/i.test(text)));
  for (const text of texts) {
    assert.equal(forHands(text, false), text);
    assert.doesNotMatch(forHands(text, true), /point at|click/i);
  }
});

test("a box is tapped once, and stays pinned", () => {
  const words = "Point at a box to see where it comes from; click to pin it.";
  assert.equal(forHands(words, true), "Tap a box to see where it comes from: it stays pinned.");
});
