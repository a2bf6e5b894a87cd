/** Colours of corners and of heat, and how to paint a map. */
import { makeCanvas } from "./dom.js";

/** The two kinds of corners, as on every picture of this project. */
export const SIDE_COLOURS = { topLeft: "#56b4e9", bottomRight: "#e69f00" };

// Anchors of matplotlib's inferno and viridis (public domain), between which colours run straight.
const ANCHORS = {
  inferno: [
    "#000004",
    "#1b0c41",
    "#4a0c6b",
    "#781c6d",
    "#a52c60",
    "#cf4446",
    "#ed6925",
    "#fb9b06",
    "#f7d13d",
    "#fcffa4",
  ],
  viridis: [
    "#440154",
    "#482878",
    "#3e4989",
    "#31688e",
    "#26828e",
    "#1f9e89",
    "#35b779",
    "#6ece58",
    "#b5de2b",
    "#fde725",
  ],
  signed: ["#0072b2", "#4d9ac9", "#a6cbe3", "#ffffff", "#f5c6a5", "#e88a4f", "#d55e00"],
};

/** @param {string} hex @returns {[number, number, number]} */
export function rgbOf(hex) {
  const value = parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** @type {Map<string, Uint8ClampedArray>} */
const tables = new Map();

/**
 * Give 256 RGB triples.
 * @param {keyof typeof ANCHORS} name
 */
export function colourTable(name) {
  const known = tables.get(name);
  if (known) return known;
  const anchors = ANCHORS[name].map(rgbOf);
  const table = new Uint8ClampedArray(256 * 3);
  for (let k = 0; k < 256; k++) {
    const place = (k / 255) * (anchors.length - 1);
    const low = Math.min(anchors.length - 2, Math.floor(place));
    for (let c = 0; c < 3; c++) {
      table[k * 3 + c] = anchors[low][c] + (place - low) * (anchors[low + 1][c] - anchors[low][c]);
    }
  }
  tables.set(name, table);
  return table;
}

/**
 * Paint a map on a small canvas, a pixel a cell; draw it enlarged without smoothing.
 * @param {ArrayLike<number>} values
 * @param {number} width
 * @param {number} height
 * @param {object} look
 * @param {keyof typeof ANCHORS} look.colours
 * @param {number} [look.low]  The value of the first colour.
 * @param {number} [look.high]
 * @param {(share: number) => number} [look.opacity]  0 to 1, of the place between low and high.
 */
export function paintMap(values, width, height, look) {
  const { low = 0, high = 255, opacity } = look;
  const { canvas, context } = makeCanvas(width, height);
  const picture = context.createImageData(width, height);
  const table = colourTable(look.colours);
  for (let k = 0; k < width * height; k++) {
    const share = Math.min(1, Math.max(0, high > low ? (values[k] - low) / (high - low) : 0));
    const row = Math.round(share * 255) * 3;
    picture.data.set([table[row], table[row + 1], table[row + 2], opacity ? 255 * opacity(share) : 255], k * 4);
  }
  context.putImageData(picture, 0, 0);
  return canvas;
}
