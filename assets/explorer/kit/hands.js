/** Words for those who tap where others point and click. */

const TAPPED = /** @type {const} */ ([
  [/; click to pin it/g, ": it stays pinned"],
  [/\bPoint at\b/g, "Tap"],
  [/\bpoint at\b/g, "tap"],
  [/\bClick\b/g, "Tap"],
  [/\bclick\b/g, "tap"],
]);

/** Whether there is nothing that could point without touching. */
export function isTapping() {
  return globalThis.matchMedia?.("(hover: none)").matches ?? false; // Node.js has no screen
}

/**
 * Say a text of this library, not of a visitor, for the hands at work here.
 * @param {string} words
 * @param {boolean} [tapping]
 */
export function forHands(words, tapping = isTapping()) {
  return tapping ? TAPPED.reduce((said, [pointed, tapped]) => said.replace(pointed, tapped), words) : words;
}
