/** The explorer on the Gradio page: answers come back through a second, unseen component. */
import { mountCamera } from "./panels/camera.js";
import { mountLearn } from "./panels/learn.js";
import { make } from "./kit/dom.js";
import { mount } from "./main.js";
import { keepNames } from "./kit/names.js";
import { unfoldOnPaper } from "./kit/printing.js";
import { addSkipLink } from "./kit/skip.js";
import { keepListsShut } from "./kit/shut-lists.js";

/**
 * Mount the explorer with what Gradio hands to a component's script.
 * @param {object} component
 * @param {HTMLElement} component.element
 * @param {{value: string | null}} component.props  A payload as JSON.
 * @param {(name: string, data: object) => void} component.trigger
 * @param {(name: string, callback: () => void) => void} component.watch
 * @param {string} style  The style sheet.
 * @param {string[]} examples  Titles of the images on offer.
 */
export function mountOnPage({ element, props, trigger, watch }, style, examples) {
  document.head.append(make("style", {}, style));
  const root = /** @type {HTMLElement} */ (element.querySelector(".cn-root"));
  const explorer = mount(root, gradioHost(trigger));
  const receive = () => props.value && explorer.show(JSON.parse(props.value));
  watch("value", receive);
  receive();
  Object.assign(window, { cornernet: Object.assign(explorer, { mountCamera, mountLearn }) });
  window.dispatchEvent(new Event("cornernet:ready"));
  keepNames(examples);
  addSkipLink();
  keepListsShut();
  unfoldOnPaper();
}

/**
 * Make the host of an explorer from what Gradio hands to a component's script.
 * @param {(name: string, data: object) => void} trigger
 * @returns {import("./kit/mount.js").Host}
 */
function gradioHost(trigger) {
  /** @type {Map<number, {resolve: (answer: any) => void, reject: (error: Error) => void, question: object}>} */
  const waiting = new Map();
  let last = 0;
  let awaited = 0;

  window.addEventListener("cornernet:answer", (event) => {
    const { request, answer, error } = /** @type {CustomEvent} */ (event).detail;
    const one = waiting.get(request);
    waiting.delete(request);
    if (error) one?.reject(new Error(error));
    else one?.resolve(answer);
    if (request === awaited) next();
  });
  // One question at a time: of two answers that arrive together Gradio would show only the last.
  function next() {
    const [id] = waiting.keys();
    awaited = id ?? 0;
    if (id !== undefined) trigger("ask", { ...waiting.get(id)?.question, request: id });
  }
  return {
    ask: (question, data) =>
      new Promise((resolve, reject) => {
        last += 1;
        waiting.set(last, { resolve, reject, question: { question, ...data } });
        if (awaited === 0) next();
      }),
    go: (query) => trigger("go", { query }),
    changeModel: (model) => trigger("switch", { model }),
    exportPage: (corners) => trigger("keep", { query: location.search.slice(1), corners }),
    openTab: (tab) =>
      /** @type {HTMLElement | null} */ (document.querySelector(`#tabs [data-tab-id="${tab}"]`))?.click(),
    ownsAddress: true,
  };
}
