/** Maps as they travel: grey pictures for colour, half-precision numbers where numbers are shown. */
import { makeCanvas } from "./dom.js";

/**
 * Load a picture.
 * @param {string} url
 * @returns {Promise<HTMLImageElement>}
 */
export async function loadPicture(url) {
  const image = new Image();
  image.src = url;
  await image.decode();
  return image;
}

/**
 * Take an atlas apart, a map for each name, row by row.
 * @param {import("../types.js").Atlas} atlas
 * @returns {Promise<Uint8Array[]>}
 */
export async function readAtlas(atlas) {
  if (atlas.names.length === 0) return [];
  const image = await loadPicture(atlas.url);
  const { canvas, context } = makeCanvas(image.naturalWidth, image.naturalHeight, { willReadFrequently: true });
  context.drawImage(image, 0, 0);
  const rgba = context.getImageData(0, 0, canvas.width, canvas.height).data;
  const size = (canvas.width * canvas.height) / atlas.names.length;
  return atlas.names.map((_, n) => Uint8Array.from({ length: size }, (__, k) => rgba[(n * size + k) * 4]));
}

/**
 * Read half-precision numbers.
 * @param {string} base64
 * @returns {Float32Array}
 */
export function readHalves(base64) {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float32Array.from({ length: bytes.length / 2 }, (_, k) => halfToNumber(view.getUint16(2 * k, true)));
}

/**
 * Turn the bits of a half-precision number into its value.
 * @param {number} bits
 */
export function halfToNumber(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}
