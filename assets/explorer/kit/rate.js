/** The camera in words: how fast it is answered, and why it is not available. */

const LOOK_BACK = 3000; // milliseconds over which answers are counted

/** Count answers. */
export function makeRate() {
  /** @type {number[]} */
  let times = [];

  /**
   * Tell how often, and how fast, frames are answered.
   * @param {number} now  Milliseconds.
   * @param {number} spent  Milliseconds from the frame to its answer.
   * @param {number} network  Of these, the network's.
   */
  function tell(now, spent, network) {
    times = [...times, now].filter((time) => now - time <= LOOK_BACK);
    const rate = times.length > 1 ? (1000 * (times.length - 1)) / (now - times[0]) : 0;
    const often = rate ? `${rate.toFixed(1)} answers a second, ` : "";
    return `${often}each after ${spent.toFixed(0)} ms (network ${network.toFixed(0)} ms)`;
  }
  return { tell };
}

/** @type {Record<string, string>} */
const REFUSALS = {
  NotAllowedError:
    "The browser may not use the camera for this page. Allow it beside the address, then press Start again.",
  NotFoundError: "No camera was found. Connect one, then press Start again.",
  NotReadableError: "The camera cannot be read: perhaps another program uses it. Close that, then press Start again.",
  SecurityError: "Browsers give the camera only to pages from this machine (localhost) or over https.",
};

/** Say in a sentence why there is no picture. @param {unknown} error */
export function refusalOf(error) {
  const { name, message } = /** @type {Error} */ (error);
  return REFUSALS[name] ?? (message || "The camera cannot be used.");
}
