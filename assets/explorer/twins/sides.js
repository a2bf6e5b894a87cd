/** The two kinds of corners. */

/** @typedef {import("../types.js").Side} Side */

/** @type {Side[]} */
export const SIDES = ["topLeft", "bottomRight"];

/** @param {Side} side @returns {Side} */
export function otherSide(side) {
  return side === "topLeft" ? "bottomRight" : "topLeft";
}
