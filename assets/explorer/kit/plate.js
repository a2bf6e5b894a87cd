/** One picture of what is on the screen, to take away. */
import { themeColour } from "./dom.js";

const WIDTH = 1600; // pixels
const COLUMNS = 2;
const GAP = 24;
const TITLE = { font: "600 20px system-ui, sans-serif", colour: "--cn-text" };
const TEXT = { font: "15px system-ui, sans-serif", colour: "--cn-soft" };
const LINE = 21;
const MOST_ACROSS = 4; // boards in one row
const TALLEST = 640; // of a row of boards
const LONG = 2.5; // times as wide as high
const NARROW = (WIDTH - GAP * (COLUMNS + 1)) / COLUMNS; // a column

/**
 * @typedef {object} Block  A panel as it goes on the plate.
 * @property {string} title
 * @property {HTMLCanvasElement[]} boards
 * @property {string} caption
 */

/**
 * Split words into lines that fit.
 * @param {string} text
 * @param {number} width
 * @param {(text: string) => number} measure
 */
export function wrap(text, width, measure) {
  /** @type {string[]} */
  const lines = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = lines.length ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length && measure(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/**
 * Put blocks one after the other into the column that is shortest so far; wide ones go below all.
 * @param {{height: number, isWide: boolean}[]} blocks
 * @param {number} columns
 * @param {number} gap
 * @returns {{places: {column: number, top: number}[], height: number}}
 */
export function placeBlocks(blocks, columns, gap) {
  let ends = Array.from({ length: columns }, () => 0);
  const places = blocks.map(({ height, isWide }) => {
    if (isWide) {
      const top = Math.max(...ends);
      ends = ends.map(() => top + height + gap);
      return { column: 0, top };
    }
    const column = ends.indexOf(Math.min(...ends));
    const top = ends[column];
    ends[column] += height + gap;
    return { column, top };
  });
  return { places, height: Math.max(0, Math.max(...ends) - gap) };
}

/**
 * Give each row of boards a height at which they fill the width together; no row is higher than the first.
 * @param {{width: number, height: number}[]} boards
 * @param {number} width
 * @param {number} [across]  Boards in one row.
 * @returns {{x: number, y: number, width: number, height: number}[]}
 */
export function placeBoards(boards, width, across = MOST_ACROSS) {
  /** @type {{x: number, y: number, width: number, height: number}[]} */
  const places = [];
  let y = 0;
  let highest = TALLEST;
  for (let first = 0; first < boards.length; first += across) {
    const row = boards.slice(first, first + across);
    const ratios = row.map((board) => board.width / board.height);
    const room = width - (GAP / 2) * (row.length - 1);
    highest = Math.min(highest, room / ratios.reduce((sum, ratio) => sum + ratio, 0));
    let x = 0;
    for (const ratio of ratios) {
      places.push({ x, y, width: ratio * highest, height: highest });
      x += ratio * highest + GAP / 2;
    }
    y += highest + GAP / 2;
  }
  return places;
}

/**
 * Draw panels with their titles and numbers.
 * @param {string} title
 * @param {import("./sections.js").Section[]} sections  Those on the screen.
 * @returns {Promise<Blob>}
 */
export function makePlate(title, sections) {
  const canvas = document.createElement("canvas");
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.font = TEXT.font;
  const measure = (/** @type {string} */ text) => context.measureText(text).width;
  const drawn = sections.map((section) => layOut(toBlock(section), measure));
  const { places, height } = placeBlocks(drawn, COLUMNS, GAP);
  const top = 2 * GAP + LINE;
  [canvas.width, canvas.height] = [WIDTH, Math.round(top + height + GAP)];
  context.fillStyle = themeColour("--cn-panel");
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.textBaseline = "top";
  write(context, TITLE, [title], GAP, GAP);
  drawn.forEach((block, k) => drawBlock(context, block, GAP + places[k].column * (NARROW + GAP), top + places[k].top));
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error("The browser could not make a picture."))),
      "image/png",
    );
  });
}

/** @param {import("./sections.js").Section} section @returns {Block} */
function toBlock({ element, panel }) {
  const boards = /** @type {HTMLCanvasElement[]} */ (Array.from(element.querySelectorAll("canvas.cn-board")));
  return {
    title: element.querySelector(".cn-title")?.textContent ?? "",
    boards: boards.filter((board) => board.width > 1 && board.height > 1 && board.offsetParent !== null),
    caption: panel.caption?.() ?? "",
  };
}

/** Many or long boards get the whole width. @param {Block} block @param {(text: string) => number} measure */
function layOut(block, measure) {
  const [first] = block.boards;
  const isWide = block.boards.length > MOST_ACROSS || (first !== undefined && first.width > LONG * first.height);
  const width = isWide ? WIDTH - 2 * GAP : NARROW;
  const places = placeBoards(block.boards, width, isWide ? 2 * MOST_ACROSS : MOST_ACROSS);
  const last = places[places.length - 1];
  const boardsEnd = LINE + 8 + (last ? last.y + last.height + 8 : 0);
  const lines = wrap(block.caption, width, measure);
  return { ...block, isWide, places, lines, boardsEnd, height: boardsEnd + lines.length * LINE };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {ReturnType<typeof layOut>} block
 * @param {number} x
 * @param {number} y
 */
function drawBlock(context, block, x, y) {
  write(context, TITLE, [block.title], x, y);
  block.boards.forEach((board, k) => {
    const place = block.places[k];
    context.drawImage(board, x + place.x, y + LINE + 8 + place.y, place.width, place.height);
  });
  write(context, TEXT, block.lines, x, y + block.boardsEnd);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {typeof TITLE} look
 * @param {string[]} lines
 * @param {number} x
 * @param {number} y
 */
function write(context, { font, colour }, lines, x, y) {
  context.font = font;
  context.fillStyle = themeColour(colour);
  lines.forEach((line, k) => context.fillText(line, x, y + k * LINE));
}

/**
 * Hand a file to the visitor.
 * @param {string} name
 * @param {Blob} blob
 */
export function downloadBlob(name, blob) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
