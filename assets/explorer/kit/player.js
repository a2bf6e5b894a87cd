/** Playing something line by line: play and pause, one step, or any line by hand. */
import { make, setText } from "./dom.js";

const DURATION = 4000; // milliseconds for all lines

/**
 * @typedef {object} Player
 * @property {HTMLElement} element
 * @property {(lines: number) => number} progress  Lines passed, of as many as there are now.
 * @property {(isPaused: boolean) => void} pause  Hold for as long as something is looked at.
 * @property {() => void} finish  Show the end, at rest.
 */

/**
 * Make a player, which is at the end to begin with.
 * @param {() => void} onChange  Draws the new state.
 * @returns {Player}
 */
export function makePlayer(onChange) {
  let share = 1;
  let lines = 1;
  let isPlaying = false;
  let isPaused = false;
  let before = 0;
  const play = make("button", { type: "button", class: "cn-button cn-play", onclick: toggle }, "Play");
  const step = make("button", { type: "button", class: "cn-button", onclick: stepOn }, "Step");
  const range = /** @type {HTMLInputElement} */ (
    make("input", { type: "range", min: 0, max: 1, step: 1, "aria-label": "Lines that the scan has passed" })
  );
  range.addEventListener("input", () => move(Number(range.value) / lines));
  const element = make("div", { class: "cn-player" }, play, step, range);

  function toggle() {
    if (share >= 1) share = 0;
    setPlaying(!isPlaying);
    onChange();
  }
  function stepOn() {
    setPlaying(false);
    move(share >= 1 ? 1 / lines : (Math.floor(share * lines + 1e-6) + 1) / lines);
  }
  /** @param {number} to */
  function move(to) {
    setPlaying(false);
    share = Math.min(1, to);
    onChange();
  }
  /** @param {boolean} plays */
  function setPlaying(plays) {
    setText(play, plays ? "Pause" : "Play");
    if (plays && !isPlaying) {
      before = performance.now();
      requestAnimationFrame(tick);
    }
    isPlaying = plays;
  }
  /** @param {number} time */
  function tick(time) {
    if (!isPlaying) return;
    if (element.offsetParent === null) return setPlaying(false);
    if (!isPaused) share = Math.min(1, share + Math.max(0, time - before) / DURATION);
    before = time;
    if (share >= 1) setPlaying(false);
    onChange();
    requestAnimationFrame(tick);
  }

  return {
    element,
    progress(count) {
      lines = count;
      const passed = Math.floor(share * count + 1e-6);
      range.max = String(count);
      range.value = String(passed);
      return passed;
    },
    pause(paused) {
      isPaused = paused;
    },
    finish() {
      share = 1;
      setPlaying(false);
    },
  };
}
