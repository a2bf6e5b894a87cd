/** Names for what Gradio leaves without a name, or names otherwise than its own words do. */

const DELAY = 200; // milliseconds, so that a burst of changes costs one look

/**
 * Name them now, and whenever something is added to the page.
 * @param {string[]} examples  Their titles, in the strip's order.
 */
export function keepNames(examples) {
  let isWaiting = false;
  const later = () => {
    if (isWaiting) return;
    isWaiting = true;
    window.setTimeout(() => {
      isWaiting = false;
      nameControls(examples);
    }, DELAY);
  };
  new MutationObserver(later).observe(document.body, { childList: true, subtree: true });
  nameControls(examples);
}

/** @param {string[]} examples */
function nameControls(examples) {
  document.querySelectorAll("#examples button.gallery-item").forEach((button, k) => {
    for (const name of ["aria-label", "title"]) button.setAttribute(name, examples[k] ?? `Example ${k + 1}`);
  });
  // Its words, "Drop File Here - or - Click to Upload", say the same.
  for (const button of document.querySelectorAll("button.upload-container[aria-label]"))
    button.removeAttribute("aria-label");
  // On a narrow screen it scrolls, which the arrow keys can do only where it has the focus.
  for (const table of document.querySelectorAll(".study table:not([tabindex])")) table.setAttribute("tabindex", "0");
  // A name is only for what has a role.
  for (const place of document.querySelectorAll("div.empty[aria-label]:not([role])")) place.setAttribute("role", "img");
}
