import assert from "node:assert/strict";
import { test } from "node:test";
import { makeRate, refusalOf } from "../../assets/explorer/kit/rate.js";

test("the rate counts answers of the last seconds", () => {
  const { tell } = makeRate();
  assert.equal(tell(0, 90, 48.4), "each after 90 ms (network 48 ms)");
  assert.equal(tell(200, 110, 50), "5.0 answers a second, each after 110 ms (network 50 ms)");
  assert.equal(tell(300, 100, 50), "6.7 answers a second, each after 100 ms (network 50 ms)");
  assert.equal(tell(10_000, 100, 50), "each after 100 ms (network 50 ms)"); // what was long ago is forgotten
  assert.equal(tell(10_500, 100, 50), "2.0 answers a second, each after 100 ms (network 50 ms)");
});

for (const [name, words] of [
  ["NotAllowedError", "Allow it beside the address"],
  ["NotFoundError", "No camera was found"],
  ["NotReadableError", "another program"],
  ["SecurityError", "localhost"],
]) {
  test(`${name} gets a sentence`, () => assert.ok(refusalOf({ name, message: "x" }).includes(words)));
}

test("any other error is told in its own words", () => {
  assert.equal(refusalOf(new Error("No frame was given.")), "No frame was given.");
  assert.equal(refusalOf({ name: "OddError", message: "" }), "The camera cannot be used.");
});
