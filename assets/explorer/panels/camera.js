/** The live camera: the newest frame is answered, drawn, and forgotten; one is on its way at a time. */
import { createBoxes } from "./boxes.js";
import { make, setText } from "../kit/dom.js";
import { createHeatmap } from "./heatmap.js";
import { createLine } from "./line.js";
import { mountPanels } from "../kit/mount.js";
import { makeRate, refusalOf } from "../kit/rate.js";
import { createKnows, createSummary } from "./summary.js";

const LONGEST = 640; // pixels of a frame that is sent
const QUALITY = 0.85; // of its JPEG

/** @type {import("../kit/mount.js").Layout} */
const LIVE = {
  rows: () => [silent(createSummary()), createKnows()],
  panels: [
    ["liveBoxes", "live", createBoxes],
    ["liveTopLeft", "first", (app) => createHeatmap(app, "topLeft")],
    ["liveBottomRight", "first", (app) => createHeatmap(app, "bottomRight")],
    ["liveLine", "half", createLine],
  ],
};

/** Keep a screen reader from reading out every frame. @param {import("../kit/mount.js").Row} row */
function silent(row) {
  row.element.setAttribute("aria-live", "off");
  return row;
}

/** @typedef {import("../types.js").Payload & {error?: string, milliseconds: number}} Answer  Of one frame. */
/** @typedef {{blob: Blob, model: string}} Frame */

/**
 * @typedef {object} Server
 * @property {(frame: {frame: Blob, model: string}) => Promise<Answer>} look  Answer a frame.
 * @property {(image: string) => void} freeze  Explore a frame: a JPEG, base64.
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
  const startButton = button("Start the camera", start);
  const stopButton = button("Stop", () => stop("The camera is off."));
  const freezeButton = button("Freeze and explore", freeze);
  const said = make("span", { class: "cn-camera-said", role: "status" }, "The camera is off.");
  const told = make("span", { class: "cn-camera-rate" });
  const place = make("div", { class: "cn-camera-place", hidden: true });
  const bar = make(
    "div",
    { class: "cn-toolbar", role: "toolbar", "aria-label": "Camera" },
    startButton,
    stopButton,
    freezeButton,
    said,
    told,
  );
  root.classList.add("cn-explorer");
  root.replaceChildren(bar, place);
  const explorer = mountPanels(
    place,
    { ask: null, go: null, exportPage: null, openTab: null, changeModel: null, ownsAddress: false },
    LIVE,
  );
  new IntersectionObserver(() => {
    if (root.offsetParent === null) stop("The camera is off.");
  }).observe(root);
  let turn = 0; // counts starts and stops: what belongs to an earlier one is dropped
  /** @type {MediaStream | null} */
  let stream = null;
  /** @type {Blob | null} */
  let shown = null;
  arrange();

  function arrange() {
    const isOn = stream !== null;
    startButton.disabled = isOn;
    stopButton.disabled = !isOn;
    freezeButton.disabled = !isOn || shown === null;
    place.hidden = shown === null;
  }

  async function start() {
    turn += 1;
    const mine = turn;
    startButton.disabled = true;
    setText(said, "The browser asks whether this page may use the camera.");
    try {
      const opened = await openCamera();
      if (mine !== turn) return release(opened);
      stream = opened;
      video.srcObject = opened;
      opened.getVideoTracks()[0]?.addEventListener("ended", () => mine === turn && stop("The camera was taken away."));
      await video.play();
      setText(said, "The camera is on.");
      arrange();
      await run(mine);
    } catch (error) {
      if (mine === turn) stop(refusalOf(error));
    }
  }

  /**
   * Ask for one frame after the other; the answer before is drawn while the next is on its way.
   * @param {number} mine
   */
  async function run(mine) {
    const rate = makeRate();
    let drawn = Promise.resolve();
    while (mine === turn) {
      const blob = await newestFrame();
      const asked = performance.now();
      const answer = await server.look({ frame: blob, model: /** @type {any} */ (window).cornernetModel ?? "" });
      if (mine !== turn) return;
      if (answer.error) throw new Error(answer.error);
      await drawn;
      drawn = draw(answer, blob);
      const now = performance.now();
      setText(told, rate.tell(now, now - asked, answer.milliseconds));
    }
  }

  /** @param {Answer} answer @param {Blob} blob */
  async function draw(answer, blob) {
    const url = URL.createObjectURL(blob);
    const isFirst = shown === null;
    shown = blob;
    if (isFirst) arrange(); // shown before it is drawn, so that boards have a width
    await explorer.show({ ...answer, image: { ...answer.image, url } });
    URL.revokeObjectURL(url);
  }

  /** @returns {Promise<Blob>} */
  async function newestFrame() {
    await new Promise((resolve) =>
      video.readyState >= 2 ? resolve(null) : video.addEventListener("loadeddata", resolve, { once: true }),
    );
    const scale = Math.min(1, LONGEST / Math.max(video.videoWidth, video.videoHeight));
    [canvas.width, canvas.height] = [Math.round(video.videoWidth * scale), Math.round(video.videoHeight * scale)];
    canvas.getContext("2d")?.drawImage(video, 0, 0, canvas.width, canvas.height);
    return new Promise((resolve, reject) =>
      canvas.toBlob(
        (blob) => (blob ? resolve(blob) : reject(new Error("The camera gives no picture."))),
        "image/jpeg",
        QUALITY,
      ),
    );
  }

  /** Release the camera. @param {string} why */
  function stop(why) {
    if (stream === null && shown === null && why === said.textContent) return;
    turn += 1;
    if (stream) release(stream);
    stream = video.srcObject = null;
    setText(said, why);
    setText(told, "");
    arrange();
  }

  async function freeze() {
    const blob = shown;
    stop("The camera is off; its last frame went to Explore.");
    if (blob) server.freeze(await base64Of(blob));
  }
}

/** @param {string} words @param {() => void} onClick */
function button(words, onClick) {
  return /** @type {HTMLButtonElement} */ (
    make("button", { type: "button", class: "cn-button", onclick: onClick }, words)
  );
}

/** Ask for the camera, a phone's outward one. @returns {Promise<MediaStream>} */
function openCamera() {
  if (!navigator.mediaDevices) throw new DOMException("", "SecurityError");
  const video = { width: { ideal: 640 }, height: { ideal: 480 }, facingMode: "environment" };
  return navigator.mediaDevices.getUserMedia({ audio: false, video });
}

/** @param {MediaStream} stream */
function release(stream) {
  for (const track of stream.getTracks()) track.stop();
}

/** @param {Blob} blob @returns {Promise<string>} */
async function base64Of(blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
