/** The link that reproduces a view, and a field to take it from where the browser lets no page copy. */
import { make } from "./dom.js";
import { writeView } from "./view-url.js";

/** @typedef {import("../types.js").App} App */

const OWN_IMAGE = " It cannot hold your own image.";

/**
 * Write a view's query, with the theme that was asked for.
 * @param {App} app
 */
export function queryOf(app) {
  const theme = new URLSearchParams(location.search).get("__theme");
  return writeView(app.payload, app.state) + (theme ? `&__theme=${encodeURIComponent(theme)}` : "");
}

/** Write the link now: the address bar follows a little later, and a frame has none. @param {App} app */
function linkOf(app) {
  return `${location.origin}${location.pathname}?${queryOf(app)}`;
}

/**
 * Make the button that copies the link, and what comes up where that is not allowed, as in another page's frame.
 * @param {App} app
 * @param {(words: string) => void} say
 */
export function createLink(app, say) {
  const hint = "A link that reproduces this view";
  const button = make("button", { type: "button", class: "cn-button", title: hint, onclick: copy }, "Copy link");
  const field = /** @type {HTMLInputElement} */ (
    make("input", { type: "text", readonly: true, "aria-label": "Link to this view" })
  );
  const close = make("button", { type: "button", class: "cn-button", onclick: hide }, "Close");
  const row = make("div", { class: "cn-link", hidden: true }, field, close);
  row.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault(); // what is pinned stays
    hide();
  });

  async function copy() {
    const note = app.payload.source ? "" : OWN_IMAGE;
    try {
      await navigator.clipboard.writeText(linkOf(app));
      row.hidden = true;
      say(`Copied the link.${note}`);
    } catch {
      row.hidden = false;
      refresh();
      field.focus();
      field.select();
      say(`The browser does not allow copying here: take the link from the field.${note}`);
    }
  }

  function hide() {
    row.hidden = true;
    say("");
    button.focus();
  }

  /** Keep a link that is in sight the one of the view. */
  function refresh() {
    if (row.hidden) return;
    const link = linkOf(app);
    if (field.value !== link) field.value = link;
  }
  return { button, row, refresh };
}
