/** The explorer's state and the focus that panels share. */

/** @type {import("../types.js").Focus} */
export const NOWHERE = { topLeft: null, bottomRight: null, cell: null };

/**
 * Complete a focus; null stays null.
 * @param {Partial<import("../types.js").Focus> | null} focus
 * @returns {import("../types.js").Focus | null}
 */
export function wholeFocus(focus) {
  return focus === null ? null : { ...NOWHERE, ...focus };
}

/**
 * Tell whether two foci are the same thing.
 * @param {import("../types.js").Focus | null} a
 * @param {import("../types.js").Focus | null} b
 */
export function sameFocus(a, b) {
  if (a === null || b === null) return a === b;
  const sameCell = a.cell === b.cell || (!!a.cell && !!b.cell && a.cell[0] === b.cell[0] && a.cell[1] === b.cell[1]);
  return a.topLeft === b.topLeft && a.bottomRight === b.bottomRight && sameCell;
}

/**
 * Begin with a model's own settings.
 * @param {import("../types.js").Settings} settings
 * @returns {import("../types.js").State}
 */
export function freshState(settings) {
  return {
    settings: { ...settings },
    hover: null,
    pin: null,
    label: -1,
    side: "topLeft",
    fallen: null,
    large: null,
    stop: null,
    tab: "explore",
    projector: false,
    predict: false,
  };
}

/** Whether anything is pointed at. @param {import("../types.js").Focus} focus */
export function isSomething(focus) {
  return focus.topLeft !== null || focus.bottomRight !== null || focus.cell !== null;
}

/**
 * Tell whether a pair has all corners that are pointed at; with none, every pair has.
 * @param {import("../types.js").Focus} focus
 * @param {import("../twins/candidates.js").PairIds} pair
 */
export function hasCorners({ topLeft, bottomRight }, pair) {
  return (topLeft === null || topLeft === pair.topLeft) && (bottomRight === null || bottomRight === pair.bottomRight);
}
