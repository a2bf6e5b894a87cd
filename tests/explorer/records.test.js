import assert from "node:assert/strict";
import { test } from "node:test";
import { decide } from "../../assets/explorer/twins/decide.js";
import { recordsText, rowsOf } from "../../assets/explorer/twins/records.js";
import { SETTINGS, payloadOf } from "./payloads.js";

test("no detection gives an empty list", () => {
  const payload = payloadOf([], []);
  assert.equal(recordsText(rowsOf(payload, decide(payload, SETTINGS))), "[]");
});

test("boxes are in pixels of the given image, and the text is Python's", () => {
  const corner = { x: 2, y: 2, label: 2 };
  const payload = payloadOf([{ ...corner, score: 0.9 }], [{ ...corner, x: 10, y: 9.31, score: 0.8, embedding: 0.25 }]);
  payload.originalPerShown = [2, 1.5];
  payload.categories[2] = 'Stern\u00e9 "${x}"';
  const rows = rowsOf(payload, decide(payload, SETTINGS));
  assert.deepEqual(rows[0].box, ["16.00", "12.00", "80.00", "55.86"]);
  assert.deepEqual([rows[0].topLeft, rows[0].bottomRight, rows[0].distance], [0.9, 0.8, 0.25]);
  // What json.dumps(..., indent=2) writes.
  const wanted = [
    "[",
    "  {",
    '    "box_xyxy": [',
    "      16.0,",
    "      12.0,",
    "      80.0,",
    "      55.86",
    "    ],",
    '    "score": 0.85,',
    '    "label": "Stern\\u00e9 \\"${x}\\""',
    "  }",
    "]",
  ];
  assert.equal(recordsText(rows), wanted.join("\n"));
});

test("boxes in the table are rounded once, as the table of the truth rounds them", () => {
  const payload = payloadOf([{ x: 2, y: 2 }], [{ x: 10, y: 5.17575 }]); // 20.703 px
  payload.originalPerShown = [1, 0.5]; // 10.3515 in the given image, 10.35 with two decimals
  const [row] = rowsOf(payload, decide(payload, SETTINGS));
  assert.deepEqual([row.box[3], row.shortBox[3]], ["10.35", "10.4"]);
});
