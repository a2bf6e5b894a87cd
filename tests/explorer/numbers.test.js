/** Ties are rounded as Python rounds them: bf16 numbers have few digits, so ties are common. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { asShown, fixed } from "../../assets/explorer/twins/numbers.js";
import { signed } from "../../assets/explorer/kit/signs.js";

const TIES = /** @type {const} */ ([
  [0.625, "0.62"],
  [0.875, "0.88"],
  [2.375, "2.38"],
  [3.125, "3.12"],
]);

test("ties go to the even digit, signed or not", () => {
  for (const [value, words] of TIES) {
    assert.equal(fixed(value, 2), words);
    assert.equal(signed(value), `+${words}`);
    assert.equal(signed(-value), `\u2212${words}`);
    assert.equal(asShown(value), Number(words));
  }
});
