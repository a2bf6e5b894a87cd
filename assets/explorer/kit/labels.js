/** Words on boxes that keep out of each other's way. */

/** @typedef {[number, number, number, number]} Rect  x1, y1, x2, y2. */

const HEIGHT = 16; // CSS pixels
const PADDING = 4;
const FONT = "600 11px system-ui, sans-serif";

/**
 * Place a label at a box: above it, inside at its top, below it, inside at its bottom, each at the left and
 * at the right; the first place within the area that no other label holds, else the one that hides least.
 * @param {{width: number, height: number}} size  Of the label.
 * @param {ArrayLike<number>} box
 * @param {Rect[]} taken
 * @param {{width: number, height: number}} area
 * @returns {Rect}
 */
export function placeLabel(size, box, taken, area) {
  const [x1, y1, x2, y2] = Array.from(box);
  const tops = [y1 - size.height - 1, y1 + 2, y2 + 2, y2 - size.height - 2];
  const places = tops.flatMap((top) => [x1 - 1, x2 + 1 - size.width].map((left) => inside(left, top, size, area)));
  // A place that had to be moved into the area may lie anywhere, so it comes last.
  const wanted = places.filter(
    (_, k) => tops[Math.floor(k / 2)] >= 0 && tops[Math.floor(k / 2)] + size.height <= area.height,
  );
  const options = wanted.length ? wanted : places;
  const costs = options.map((place) => taken.reduce((sum, other) => sum + overlap(place, other), 0));
  return options[costs.indexOf(Math.min(...costs))];
}

/**
 * @param {number} left
 * @param {number} top
 * @param {{width: number, height: number}} size
 * @param {{width: number, height: number}} area
 * @returns {Rect}
 */
function inside(left, top, size, area) {
  const x = Math.max(0, Math.min(left, area.width - size.width));
  const y = Math.max(0, Math.min(top, area.height - size.height));
  return [x, y, x + size.width, y + size.height];
}

/** @param {Rect} a @param {Rect} b */
function overlap(a, b) {
  return (
    Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0])) * Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]))
  );
}

/**
 * Shorten a name, never the number behind it, until both fit.
 * @param {string} name
 * @param {string} number
 * @param {number} room
 * @param {(text: string) => number} measure
 */
export function fitWords(name, number, room, measure) {
  const whole = [name, number].filter(Boolean).join(" ");
  if (measure(whole) <= room) return whole;
  for (let length = name.length - 1; length > 0; length--) {
    const words = `${name.slice(0, length)}… ${number}`.trimEnd();
    if (measure(words) <= room) return words;
  }
  return number;
}

/**
 * Make the labels of one painting; the first ones get the best places.
 * @param {CanvasRenderingContext2D} context
 */
export function makeLabels(context) {
  /** @type {Rect[]} */
  const taken = [];
  const area = { width: context.canvas.clientWidth, height: context.canvas.clientHeight };

  /**
   * Write a name and a number on a box.
   * @param {string} name
   * @param {string} number
   * @param {number[]} box
   * @param {string} colour
   */
  function put(name, number, box, colour) {
    context.font = FONT;
    const words = fitWords(name, number, area.width - 2 * PADDING, (text) => context.measureText(text).width);
    const width = context.measureText(words).width + 2 * PADDING;
    const place = placeLabel({ width, height: HEIGHT }, box, taken, area);
    taken.push(place);
    context.fillStyle = colour;
    context.fillRect(place[0], place[1], width, HEIGHT);
    context.fillStyle = "#ffffff";
    [context.textAlign, context.textBaseline] = ["start", "middle"];
    context.fillText(words, place[0] + PADDING, place[1] + HEIGHT / 2 + 0.5);
  }
  return { put };
}
