/** Playing something line by line, or moment by moment: play and pause, one step, or any by hand. */
import { make, setText } from "./dom.js";

/**
 * @typedef {object} Manner
 * @property {string} label  What the slider counts.
 * @property {number} duration  Milliseconds for all lines.
 * @property {((passed: number) => string) | null} words  What a place of the slider stands for.
 */

/** @type {Manner} */
const SCAN = { label: "Lines that the scan has passed", duration: 4000, words: null };

/**
 * @typedef {object} Player
 * @property {HTMLElement} element
 * @property {(lines: number) => number} progress  Lines passed, of as many as there are now.
 * @property {(isPaused: boolean) => void} pause  Hold for as long as something is looked at.
 * @property {() => void} finish  Show the end, at rest.
 */

/**
 * @typedef {object} Playing
 * @property {number} share  Passed, from 0 to 1.
 * @property {number} lines
 * @property {boolean} isPlaying
 * @property {boolean} isPaused
 * @property {number} before  Milliseconds, of the frame before.
 * @property {() => void} onChange
 * @property {HTMLElement} element
 * @property {HTMLElement} play  The button.
 * @property {number} duration
 */

/**
 * Make a player, which is at the end to begin with.
 * @param {() => void} onChange  Draws the new state.
 * @param {Manner} [manner]
 * @returns {Player}
 */
export function makePlayer(onChange, { label, duration, words } = SCAN) {
  const play = make("button", { type: "button", class: "cn-button cn-play", onclick: () => toggle(playing) }, "Play");
  const step = make("button", { type: "button", class: "cn-button", onclick: () => stepOn(playing) }, "Step");
  const range = /** @type {HTMLInputElement} */ (
    make("input", { type: "range", min: 0, max: 1, step: 1, "aria-label": label })
  );
  range.addEventListener("input", () => move(playing, Number(range.value) / playing.lines));
  const element = make("div", { class: "cn-player" }, play, step, range);
  /** @type {Playing} */
  const playing = {
    share: 1,
    lines: 1,
    isPlaying: false,
    isPaused: false,
    before: 0,
    onChange,
    element,
    play,
    duration,
  };
  return {
    element,
    progress(lines) {
      playing.lines = lines;
      const passed = passedOf(playing);
      range.max = String(lines);
      range.value = String(passed);
      if (words) range.setAttribute("aria-valuetext", words(passed));
      return passed;
    },
    pause(isPaused) {
      playing.isPaused = isPaused;
    },
    finish() {
      playing.share = 1;
      setPlaying(playing, false);
    },
  };
}

/** Count the lines passed. @param {Playing} playing */
function passedOf({ share, lines }) {
  return Math.floor(share * lines + 1e-6);
}

/** @param {Playing} playing  Is changed. */
function toggle(playing) {
  if (playing.share >= 1) playing.share = 0;
  setPlaying(playing, !playing.isPlaying);
  playing.onChange();
}

/** Go on by a line, or back to the first. @param {Playing} playing  Is changed. */
function stepOn(playing) {
  move(playing, ((playing.share >= 1 ? 0 : passedOf(playing)) + 1) / playing.lines);
}

/** @param {Playing} playing  Is changed. @param {number} share */
function move(playing, share) {
  setPlaying(playing, false);
  playing.share = Math.min(1, share);
  playing.onChange();
}

/** @param {Playing} playing  Is changed. @param {boolean} isPlaying */
function setPlaying(playing, isPlaying) {
  setText(playing.play, isPlaying ? "Pause" : "Play");
  if (isPlaying && !playing.isPlaying) {
    playing.before = performance.now();
    requestAnimationFrame((time) => tick(playing, time));
  }
  playing.isPlaying = isPlaying;
}

/** Draw a frame, and ask for the next. @param {Playing} playing  Is changed. @param {number} time */
function tick(playing, time) {
  if (!playing.isPlaying) return;
  if (playing.element.offsetParent === null) return setPlaying(playing, false);
  const passed = Math.max(0, time - playing.before) / playing.duration;
  if (!playing.isPaused) playing.share = Math.min(1, playing.share + passed);
  playing.before = time;
  if (playing.share >= 1) setPlaying(playing, false);
  playing.onChange();
  requestAnimationFrame((next) => tick(playing, next));
}
