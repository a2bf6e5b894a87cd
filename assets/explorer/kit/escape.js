/** Escape releases what is pinned, wherever on the page the keyboard is, unless it means something else there. */

const TAKES_KEYS =
  "input:not([type=range], [type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable='true']";
const OPEN = "dialog[open], [role='dialog'], [role='listbox']";

/**
 * Tell whether Escape is meant for what the keyboard is in: an open dialog or menu, the full screen, or a
 * field in another part of the page.
 * @param {{isFullscreen: boolean, hasDialog: boolean, isInField: boolean, isInside: boolean, isSeen: boolean}} now
 */
export function isForOthers({ isFullscreen, hasDialog, isInField, isInside, isSeen }) {
  return isFullscreen || hasDialog || !isSeen || (isInField && !isInside);
}

/**
 * Tell what Escape lets go: an enlarged panel first, then what is pinned.
 * @param {Pick<import("../types.js").State, "large">} state
 * @returns {Partial<import("../types.js").State>}
 */
export function released({ large }) {
  return large === null ? { pin: null, hover: null, fallen: null } : { large: null };
}

/**
 * Listen to Escape on the whole page.
 * @param {HTMLElement} root  The explorer.
 * @param {() => void} onEscape
 */
export function listenToEscape(root, onEscape) {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    const active = document.activeElement;
    const now = {
      isFullscreen: document.fullscreenElement !== null,
      hasDialog: Array.from(document.querySelectorAll(OPEN)).some((element) => element.checkVisibility()),
      isInField: active?.matches(TAKES_KEYS) ?? false,
      isInside: root.contains(active),
      isSeen: root.offsetParent !== null,
    };
    if (!isForOthers(now)) onEscape();
  });
}
