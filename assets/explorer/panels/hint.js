/** A word where the image does not look like what the model knows, and the model that would suit. */
import { make, setText } from "../kit/dom.js";

/**
 * @param {{changeModel: ((model: string) => void) | null}} host
 * @returns {import("../kit/mount.js").Row}
 */
export function createHint(host) {
  let model = "";
  const why = make("span", {});
  const button = make("button", { type: "button", class: "cn-button", onclick: () => host.changeModel?.(model) });
  const element = make("div", { class: "cn-hint", role: "status", hidden: true }, why);
  if (host.changeModel) element.append(button);

  /** @param {import("../types.js").App} app @param {import("../types.js").Changes} changes */
  function draw(app, changes) {
    if (!changes.payload) return;
    const { hint } = app.payload;
    element.hidden = !hint;
    setText(why, hint?.why ?? "");
    setText(button, hint?.offer ?? "");
    model = hint?.model ?? "";
  }
  return { element, draw };
}
