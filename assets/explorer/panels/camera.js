/** The live camera: the newest frame is answered, drawn, and forgotten; one is on its way at a time. */
import { createBoxes } from "./boxes.js";
import { make, setText } from "../kit/dom.js";
import { createHeatmap } from "./heatmap.js";
import { createLine } from "./line.js";
import { mountPanels, NOBODY } from "../kit/mount.js";
import { makeRate, refusalOf } from "../kit/rate.js";
import { base64Of, newestFrame, openCamera, release } from "../kit/webcam.js";
import { createKnows, createSummary } from "./summary.js";

/** @type {import("../kit/mount.js").Layout} */
const LIVE = {
  rows: () => [silent(createSummary()), createKnows()],
  panels: [
    ["liveBoxes", "live", createBoxes],
    ["liveTopLeft", "first", (app) => createHeatmap(app, "topLeft")],
    ["liveBottomRight", "first", (app) => createHeatmap(app, "bottomRight")],
    ["liveLine", "half", createLine],
  ],
  enlargeable: [],
};

/** The frames of the outline: how large, and what will stand there. */
const OUTLINE = [
  ["live", "Here your camera's picture will stand, with the boxes found in it, anew several times a second."],
  ["first", "The heatmap of top-left corners"],
  ["first", "The heatmap of bottom-right corners"],
  ["half", "The line of embeddings: corners that lie close on it may form a box"],
];

/** Keep a screen reader from reading out every frame. @param {import("../kit/mount.js").Row} row */
function silent(row) {
  row.element.setAttribute("aria-live", "off");
  return row;
}

/** @typedef {import("../types.js").Payload & {error?: string, milliseconds: number}} Answer  Of one frame. */

/**
 * @typedef {object} Server
 * @property {(frame: {frame: Blob, model: string}) => Promise<Answer>} look  Answer a frame.
 * @property {(image: string) => void} freeze  Explore a frame: a JPEG, base64.
 *
 * @typedef {object} Live  The camera and what is shown of it.
 * @property {Server} server
 * @property {ReturnType<typeof mountPanels>} explorer
 * @property {ReturnType<typeof makeParts>} parts
 * @property {HTMLVideoElement} video
 * @property {HTMLCanvasElement} canvas  For frames.
 * @property {number} turn  Counts starts and stops: what belongs to an earlier one is dropped.
 * @property {MediaStream | null} stream
 * @property {Blob | null} shown
 */

/**
 * Put the camera into an element.
 * @param {HTMLElement} root
 * @param {Server} server
 */
export function mountCamera(root, server) {
  const video = /** @type {HTMLVideoElement} */ (make("video", { playsinline: true, "aria-hidden": "true" }));
  video.muted = true;
  const canvas = document.createElement("canvas");
  const parts = makeParts({
    start: () => start(live),
    stop: () => stop(live, "The camera is off."),
    freeze: () => freeze(live),
  });
  root.classList.add("cn-explorer");
  root.replaceChildren(parts.bar, parts.outline, parts.place);
  const explorer = mountPanels(parts.place, NOBODY, LIVE);
  /** @type {Live} */
  const live = { server, explorer, parts, video, canvas, turn: 0, stream: null, shown: null };
  new IntersectionObserver(() => {
    if (root.offsetParent === null) stop(live, "The camera is off.");
  }).observe(root);
  arrange(live);
}

/** @param {{start: () => void, stop: () => void, freeze: () => void}} actions */
function makeParts(actions) {
  const startButton = button("Start the camera", actions.start);
  const stopButton = button("Stop", actions.stop);
  const freezeButton = button("Freeze and explore", actions.freeze);
  const status = make("span", { class: "cn-camera-said", role: "status" }, "The camera is off.");
  const rate = make("span", { class: "cn-camera-rate" });
  const look = { class: "cn-toolbar", role: "toolbar", "aria-label": "Camera" };
  const bar = make("div", look, startButton, stopButton, freezeButton, status, rate);
  const place = make("div", { class: "cn-camera-place", hidden: true });
  return { startButton, stopButton, freezeButton, status, rate, bar, place, outline: makeOutline() };
}

/** Draw where things will stand, as long as nothing is shown. */
function makeOutline() {
  const frames = OUTLINE.map(([size, words]) => make("div", { class: `cn-panel cn-${size}` }, words));
  return make("div", { class: "cn-grid cn-camera-outline" }, ...frames);
}

/** Allow what can be done now. @param {Live} live */
function arrange({ parts, stream, shown }) {
  const isOn = stream !== null;
  parts.startButton.disabled = isOn;
  parts.stopButton.disabled = !isOn;
  parts.freezeButton.disabled = !isOn || shown === null;
  parts.place.hidden = shown === null;
  parts.outline.hidden = shown !== null;
}

/** @param {Live} live  Is changed. */
async function start(live) {
  const { parts, video } = live;
  live.turn += 1;
  const mine = live.turn;
  parts.startButton.disabled = true;
  setText(parts.status, "The browser asks whether this page may use the camera.");
  try {
    const opened = await openCamera();
    if (mine !== live.turn) return release(opened);
    live.stream = opened;
    video.srcObject = opened;
    const onEnd = () => mine === live.turn && stop(live, "The camera was taken away.");
    opened.getVideoTracks()[0]?.addEventListener("ended", onEnd);
    await video.play();
    setText(parts.status, "The camera is on.");
    arrange(live);
    await run(live, mine);
  } catch (error) {
    if (mine === live.turn) stop(live, refusalOf(error));
  }
}

/**
 * Ask for one frame after the other; the answer before is drawn while the next is on its way.
 * @param {Live} live
 * @param {number} mine  The turn.
 */
async function run(live, mine) {
  const rate = makeRate();
  let drawn = Promise.resolve();
  while (mine === live.turn) {
    const frame = await newestFrame(live.video, live.canvas);
    const sentAt = performance.now();
    const answer = await live.server.look({ frame, model: /** @type {any} */ (window).cornernetModel ?? "" });
    if (mine !== live.turn) return;
    if (answer.error) throw new Error(answer.error);
    await drawn;
    drawn = draw(live, answer, frame);
    const now = performance.now();
    setText(live.parts.rate, rate.tell(now, now - sentAt, answer.milliseconds));
  }
}

/** @param {Live} live  Is changed. @param {Answer} answer @param {Blob} frame */
async function draw(live, answer, frame) {
  const url = URL.createObjectURL(frame);
  const isFirst = live.shown === null;
  live.shown = frame;
  if (isFirst) arrange(live); // shown before it is drawn, so that boards have a width
  await live.explorer.show({ ...answer, image: { ...answer.image, url } });
  URL.revokeObjectURL(url);
}

/** Release the camera. @param {Live} live  Is changed. @param {string} why */
function stop(live, why) {
  const { parts, stream, video } = live;
  if (stream === null && live.shown === null && why === parts.status.textContent) return;
  live.turn += 1;
  if (stream) release(stream);
  live.stream = video.srcObject = null;
  setText(parts.status, why);
  setText(parts.rate, "");
  arrange(live);
}

/** @param {Live} live */
async function freeze(live) {
  const { shown, server } = live;
  stop(live, "The camera is off; its last frame went to Explore.");
  if (shown) server.freeze(await base64Of(shown));
}

/** @param {string} words @param {() => void} onClick */
function button(words, onClick) {
  return /** @type {HTMLButtonElement} */ (
    make("button", { type: "button", class: "cn-button", onclick: onClick }, words)
  );
}
