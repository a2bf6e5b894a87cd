/** A row of channels to choose from, the best first, and a field for any other. */
import { paintMap } from "../kit/colours.js";
import { make, setText } from "../kit/dom.js";
import { readHalves } from "../kit/maps.js";
import { signed } from "../kit/signs.js";

/** @typedef {import("../answer-types.js").CornerAnswer} CornerAnswer */
/** @typedef {import("../answer-types.js").Scan} Scan */

/**
 * Make the chooser.
 * @param {(channel: number) => void} onChoose
 */
export function makeChannels(onChoose) {
  /** @type {CornerAnswer | null} */
  let shown = null;
  /** @type {Map<number, HTMLElement>} */
  let buttons = new Map();
  const row = make("div", { class: "cn-channels", role: "group", "aria-label": "Channels that contribute most" });
  const field = /** @type {HTMLInputElement} */ (make("input", { type: "number", min: 0, step: 1 }));
  field.addEventListener("change", () => {
    const wanted = Math.round(Number(field.value));
    if (Number.isFinite(wanted)) onChoose(Math.max(0, Math.min(Number(field.max), wanted)));
  });
  const count = make("span", {}, "");
  const element = make("div", { class: "cn-row" }, row, make("label", { class: "cn-field" }, "Channel ", field, count));

  /**
   * Offer an answer's channels and mark one.
   * @param {import("../types.js").App} app
   * @param {CornerAnswer | null} answer
   * @param {number | null} channel
   */
  function show(app, answer, channel) {
    if (answer !== shown) {
      shown = answer;
      buttons = new Map(answer?.scans.map((scan) => [scan.channel, makeButton(app, scan, onChoose)]));
      row.replaceChildren(...buttons.values());
      field.disabled = !answer;
      if (answer) {
        field.max = String(answer.channels.length - 1);
        setText(count, `of ${answer.channels.length}`);
      }
    }
    for (const [name, button] of buttons) button.setAttribute("aria-pressed", String(name === channel));
    if (channel !== null && document.activeElement !== field) field.value = String(channel);
  }
  return { element, show };
}

/** Name a channel, and the category that it is the map of. @param {Scan} scan */
export function channelName({ channel, recognised }) {
  return `Channel ${channel}${recognised && ` (recognised as ${recognised})`}`;
}

/** @param {import("../types.js").App} app @param {Scan} scan @param {(channel: number) => void} onChoose */
function makeButton(app, scan, onChoose) {
  const { width, height } = app.payload.cells;
  const [vertical, horizontal] = [readHalves(scan.vertical), readHalves(scan.horizontal)];
  const values = vertical.map((value, k) => Math.max(value, horizontal[k]));
  const high = values.reduce((most, value) => Math.max(most, value), 0);
  const thumbnail = paintMap(values, width, height, { colours: "inferno", high });
  const words = signed(scan.contribution);
  return make(
    "button",
    {
      type: "button",
      class: "cn-button cn-channel",
      title: `${channelName(scan)}, contributes ${words}`,
      onclick: () => onChoose(scan.channel),
    },
    thumbnail,
    make("span", {}, scan.recognised || `#${scan.channel}`),
    make("span", { class: "cn-soft" }, words),
  );
}
