/** The way past what stands before the pictures, for those who come by keys. */
import { make } from "./dom.js";

const PICTURES = "cn-boxes"; // the explorer's first panel
const TABS = "#tabs [role=tabpanel]";

/** Put a link at the top of the page that shows while it has the focus. */
export function addSkipLink() {
  const link = make("a", { class: "cn-skip", href: `#${PICTURES}` }, "Skip to the pictures");
  link.addEventListener("click", (event) => {
    event.preventDefault(); // the address is the view's
    const place = pictures();
    place?.focus({ preventScroll: true });
    place?.scrollIntoView({ block: "start" });
  });
  document.body.prepend(link);
}

/** The pictures of the tab that is open. @returns {HTMLElement | undefined} */
function pictures() {
  /** @type {NodeListOf<HTMLElement>} */
  const places = document.querySelectorAll(`#${PICTURES}, ${TABS}`);
  // In the page's order a tab stands before what it holds: of those in sight, the last is the closest.
  const place = Array.from(places)
    .filter((one) => one.checkVisibility())
    .pop();
  if (place && !place.hasAttribute("tabindex")) place.tabIndex = -1;
  return place;
}
