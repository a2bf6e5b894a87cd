/**
 * What the server answers about single corners, as types only. Python writes them
 * (cornernet/ui/explorer/answers.py).
 *
 * @typedef {import("./types.js").Side} Side
 *
 * @typedef {object} Scan One channel of corner pooling: the maps that go into its two scans.
 * @property {number} channel
 * @property {string} recognised  The category that this is the map of, as the encoder recognises it; else empty.
 * @property {number} contribution  To the corner's logit, over both scans.
 * @property {string} vertical  Half precision, row by row, base64.
 * @property {string} horizontal
 *
 * @typedef {object} CornerAnswer What the server works out for a pinned corner.
 * @property {string} key  Of the payload.
 * @property {Side} side
 * @property {number} id
 * @property {number} logit
 * @property {number} pooled  The part of the logit that corner pooling explains.
 * @property {string} evidence  Signed shares of cells, half precision, row by row, base64.
 * @property {number[]} channels  All channels, those that contribute most first.
 * @property {Scan[]} scans  The first of them.
 *
 * @typedef {object} Shifted The same corner after the image moved by some pixels.
 * @property {number} shift  Network pixels, right and down.
 * @property {number} x
 * @property {number} y
 * @property {number} offsetX
 * @property {number} offsetY
 * @property {number} score
 * @property {number[][]} heat  9 x 9 scores around the corner's cell in the image that did not move.
 *
 * @typedef {{question: "corner", side: Side, id: number, answer: CornerAnswer}} KeptCorner  In a saved page.
 * @typedef {{question: "shift", side: Side, id: number, answer: Shifted[]}} KeptShift
 * @typedef {KeptCorner | KeptShift} KeptAnswer
 */
export {};
