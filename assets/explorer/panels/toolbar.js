/** What one can do with the whole view: projector, predicting first, taking it away. */
import { cornersToKeep } from "../kit/chosen.js";
import { make, setText } from "../kit/dom.js";
import { createLink } from "../kit/link.js";
import { downloadBlob, makePlate } from "../kit/plate.js";

/** @typedef {import("../types.js").App} App */

/**
 * @param {App} app
 * @param {{exportPage: ((corners: object[]) => void) | null, ownsAddress: boolean}} host
 * @param {() => import("../kit/sections.js").Section[]} sections
 */
export function createToolbar(app, host, sections) {
  const projector = toggle("Projector", "Larger type, fewer panels", () =>
    app.set({ projector: !app.state.projector }),
  );
  const predict = toggle("Predict first", "Guess before you see the answer", () =>
    app.set({ predict: !app.state.predict }),
  );
  const category = /** @type {HTMLSelectElement} */ (make("select", { "aria-label": "Category of the heatmaps" }));
  category.addEventListener("change", () => app.set({ label: Number(category.value) }));
  const said = make("span", { class: "cn-said", role: "status" });
  const plate = button("Save as PNG", "What is on the screen, with captions and numbers", async () => {
    const onScreen = sections().filter((section) => section.isInSight());
    const blob = await makePlate(`CornerNet Explorer: ${app.payload.model}`, onScreen);
    downloadBlob("cornernet-plate.png", blob);
    setText(said, "Saved the plate.");
  });
  const element = make(
    "div",
    { class: "cn-toolbar", role: "toolbar", "aria-label": "View" },
    make("label", { class: "cn-field" }, "Heatmaps of ", category),
    predict,
    projector,
  );
  const link = host.ownsAddress ? createLink(app, (words) => setText(said, words)) : null;
  if (link) element.append(link.button);
  element.append(plate);
  const { exportPage } = host;
  if (exportPage)
    element.append(
      button("Save as HTML", "This image, explorable, in one file that needs no server", () =>
        exportPage(cornersToKeep(app)),
      ),
    );
  element.append(said);
  if (link) element.append(link.row);

  /** @param {App} _ @param {import("../types.js").Changes} changes */
  function draw(_, changes) {
    projector.setAttribute("aria-pressed", String(app.state.projector));
    predict.setAttribute("aria-pressed", String(app.state.predict));
    link?.refresh();
    if (changes.payload) {
      setText(said, ""); // it spoke of the image before
      const names = app.payload.topLeft.heatmaps.names;
      category.replaceChildren(
        ...names.map((label) =>
          make("option", { value: label }, label < 0 ? "all categories" : app.payload.categories[label]),
        ),
      );
    }
    category.value = String(app.state.label);
  }
  return { element, draw };
}

/** @param {string} words @param {string} hint @param {() => void} onClick */
function button(words, hint, onClick) {
  return make("button", { type: "button", class: "cn-button", title: hint, onclick: onClick }, words);
}

/** @param {string} words @param {string} hint @param {() => void} onClick */
function toggle(words, hint, onClick) {
  const element = button(words, hint, onClick);
  element.setAttribute("aria-pressed", "false");
  return element;
}
