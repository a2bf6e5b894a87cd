/** What one can do with the whole view: projector, predicting first, taking it away. */
import { cornersToKeep } from "../kit/chosen.js";
import { make, setText } from "../kit/dom.js";
import { createLink } from "../kit/link.js";
import { downloadBlob, makePlate } from "../kit/plate.js";

/** @typedef {import("../types.js").App} App */

/** @typedef {import("../kit/sections.js").Section} Section */

const MODES = /** @type {const} */ ([
  { name: "predict", words: "Predict first", hint: "Guess before you see the answer" },
  { name: "projector", words: "Projector", hint: "Larger type, fewer panels" },
]);

/**
 * @param {App} app
 * @param {{exportPage: ((corners: object[]) => void) | null, ownsAddress: boolean}} host
 * @param {() => Section[]} sections
 */
export function createToolbar(app, host, sections) {
  const status = make("span", { class: "cn-said", role: "status" });
  const say = (/** @type {string} */ words) => setText(status, words);
  const modes = MODES.map(({ name, words, hint }) => makeMode(app, name, words, hint));
  const category = makeCategory(app);
  const link = host.ownsAddress ? createLink(app, say) : null;
  const { exportPage } = host;
  const parts = [
    make("label", { class: "cn-field" }, "Heatmaps of ", category.element),
    ...modes.map((mode) => mode.element),
    link?.button,
    button("Save as PNG", "What is on the screen, with captions and numbers", () => savePlate(app, sections(), say)),
    exportPage &&
      button("Save as HTML", "This image, explorable, in one file that needs no server", () =>
        exportPage(cornersToKeep(app)),
      ),
    status,
    link?.row,
  ];
  const look = { class: "cn-toolbar", role: "toolbar", "aria-label": "View" };
  const element = make("div", look, ...parts.filter((part) => part instanceof HTMLElement));

  /** @param {App} _ @param {import("../types.js").Changes} changes */
  function draw(_, changes) {
    for (const mode of modes) mode.show();
    link?.refresh();
    if (changes.payload) say(""); // it spoke of the image before
    category.show(changes.payload);
  }
  return { element, draw };
}

/** @param {App} app @param {Section[]} sections @param {(words: string) => void} say */
async function savePlate(app, sections, say) {
  const onScreen = sections.filter((section) => section.isInSight());
  const blob = await makePlate(`CornerNet Explorer: ${app.payload.model}`, onScreen);
  downloadBlob("cornernet-plate.png", blob);
  say("Saved the plate.");
}

/** @param {App} app @param {"predict" | "projector"} name @param {string} words @param {string} hint */
function makeMode(app, name, words, hint) {
  const element = button(words, hint, () => app.set({ [name]: !app.state[name] }));
  element.setAttribute("aria-pressed", "false");
  const show = () => element.setAttribute("aria-pressed", String(app.state[name]));
  return { element, show };
}

/** Make the choice of the category whose heatmaps are shown. @param {App} app */
function makeCategory(app) {
  const element = /** @type {HTMLSelectElement} */ (make("select", { "aria-label": "Category of the heatmaps" }));
  element.addEventListener("change", () => app.set({ label: Number(element.value) }));
  /** @param {boolean} isNew  Whether the image is. */
  function show(isNew) {
    const { topLeft, categories } = app.payload;
    if (isNew) element.replaceChildren(...topLeft.heatmaps.names.map((label) => optionOf(label, categories)));
    element.value = String(app.state.label);
  }
  return { element, show };
}

/** @param {number} label @param {string[]} categories */
function optionOf(label, categories) {
  return make("option", { value: label }, label < 0 ? "all categories" : categories[label]);
}

/** @param {string} words @param {string} hint @param {() => void} onClick */
function button(words, hint, onClick) {
  return make("button", { type: "button", class: "cn-button", title: hint, onclick: onClick }, words);
}
