/** A corner's evidence as a picture: each cell's share, and rays from the strongest cells. */
import { drawInput } from "../kit/backdrop.js";
import { rgbOf } from "../kit/colours.js";
import { makeCanvas } from "../kit/dom.js";
import { readHalves } from "../kit/maps.js";
import { drawElbow } from "../kit/marks.js";
import { placeOf } from "../twins/geometry.js";
import { tallyOf } from "./evidence-words.js";

/** @typedef {import("../types.js").App} App */
/** @typedef {import("../answer-types.js").CornerAnswer} CornerAnswer */
/** @typedef {import("../kit/chosen.js").Corner} Corner */

const RAYS = 14;
const LEAST_RAY = 0.08; // of the strongest share
const GROUND = 0.4; // opacity of the grey input on white
const FOR = "#d55e00"; // the ends of the colours "signed"
const AGAINST = "#0072b2";

/**
 * @typedef {object} Vote  An answer, made ready to be drawn.
 * @property {CornerAnswer} answer
 * @property {Float32Array} shares
 * @property {import("./evidence-words.js").Tally} tally
 * @property {number} most  The largest share, either way.
 * @property {HTMLCanvasElement} map
 * @property {number[]} strongest  Cells, by index, that speak most for the corner.
 */

/**
 * Make an answer ready to be drawn.
 * @param {CornerAnswer} answer
 * @param {{width: number, height: number}} cells
 * @returns {Vote}
 */
export function makeVote(answer, { width, height }) {
  const shares = readHalves(answer.evidence);
  const most = shares.reduce((largest, share) => Math.max(largest, Math.abs(share)), 0);
  const map = paintVotes(shares, most, width, height);
  const strongest = Array.from(shares.keys())
    .sort((a, b) => shares[b] - shares[a])
    .slice(0, RAYS)
    .filter((index) => shares[index] > LEAST_RAY * most);
  return { answer, shares, tally: tallyOf(shares), most, map, strongest };
}

/**
 * Two colours, the more opaque the larger the share: white in the middle would hide the image.
 * @param {Float32Array} shares
 * @param {number} most
 * @param {number} width
 * @param {number} height
 */
function paintVotes(shares, most, width, height) {
  const { canvas, context } = makeCanvas(width, height);
  const picture = context.createImageData(width, height);
  shares.forEach((share, k) => {
    const opacity = most > 0 ? (Math.abs(share) / most) ** 0.6 : 0;
    picture.data.set([...rgbOf(share > 0 ? FOR : AGAINST), 255 * opacity], k * 4);
  });
  context.putImageData(picture, 0, 0);
  return canvas;
}

/**
 * Draw the cells' shares over the image.
 * @param {CanvasRenderingContext2D} context
 * @param {App} app
 * @param {Vote | null} vote
 * @param {number} scale
 */
export function drawVotes(context, app, vote, scale) {
  const { width, height } = app.payload.cells;
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, width * scale, height * scale);
  context.globalAlpha = GROUND;
  drawInput(context, app, scale, "grey");
  context.globalAlpha = 1;
  if (vote) context.drawImage(vote.map, 0, 0, width * scale, height * scale);
}

/**
 * Draw the corner, and rays from the cells that speak most for it.
 * @param {CanvasRenderingContext2D} context
 * @param {App} app
 * @param {Corner} corner
 * @param {Vote | null} vote
 * @param {number} scale
 */
export function drawMarks(context, app, { side, id }, vote, scale) {
  const [x, y] = placeOf(app.payload[side], id).map((place) => place * scale);
  const { width } = app.payload.cells;
  if (vote) {
    for (const index of vote.strongest) {
      context.globalAlpha = 0.35 + (0.65 * vote.shares[index]) / vote.most;
      context.strokeStyle = FOR;
      context.lineWidth = 1 + (2 * vote.shares[index]) / vote.most;
      context.beginPath();
      context.moveTo(((index % width) + 0.5) * scale, (Math.floor(index / width) + 0.5) * scale);
      context.lineTo(x, y);
      context.stroke();
    }
    context.globalAlpha = 1;
  }
  drawElbow(context, side, x, y, 22);
}
