/** Gradio opens a dropdown's list at any key, even at the Tab that leaves it, and nothing shuts that one. */

const LEAVES = ["Tab", "Shift", "Control", "Alt", "Meta"]; // keys that are no letter of a search
const MOVES = ["ArrowDown", "ArrowUp", "Home", "End", "Enter", "Escape"]; // keys for a list that is only chosen from

/**
 * Whether a key is none of a dropdown's business.
 * @param {string} key
 * @param {boolean} isSearched  Whether letters look for an entry.
 */
export function isForeign(key, isSearched) {
  return isSearched ? LEAVES.includes(key) : !MOVES.includes(key);
}

/** Keep such keys from Gradio's dropdowns; the browser does with them what it always does. */
export function keepListsShut() {
  /** @param {KeyboardEvent} event */
  function keep(event) {
    const field = event.target;
    if (!(field instanceof HTMLInputElement) || field.getAttribute("role") !== "combobox") return;
    if (isForeign(event.key, !field.readOnly)) event.stopPropagation();
  }
  window.addEventListener("keydown", keep, { capture: true });
}
