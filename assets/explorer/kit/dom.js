/** Elements, and canvases that are drawn in units of their own. */

/**
 * Make an element. Text is set as text, never as markup.
 * @param {string} tag
 * @param {Record<string, any>} [attributes]  "class", "on..." handlers, ARIA and other attributes.
 * @param {...(Node | string)} children
 * @returns {HTMLElement}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...children);
  return element;
}

/**
 * Replace the text of an element only if it differs, so that live regions speak once.
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Fill an element with text in which **words** are bold.
 * @param {Element} element
 * @param {string} text
 */
export function setRich(element, text) {
  const parts = text.split("**");
  if (element.textContent === parts.join("")) return; // as in setText
  element.replaceChildren(...parts.map((part, k) => (k % 2 ? make("strong", {}, part) : part)));
}

/**
 * Make a canvas that is not on the page, to be drawn onto another one.
 * @param {number} width  Pixels.
 * @param {number} height
 * @param {CanvasRenderingContext2DSettings} [settings]
 */
export function makeCanvas(width, height, settings) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", settings));
  return { canvas, context };
}

/**
 * A canvas as wide as its place. `paint` draws in CSS pixels; `scale` is pixels per unit.
 * @typedef {object} Board
 * @property {HTMLCanvasElement} canvas
 * @property {number} width  Units.
 * @property {number} height
 * @property {number} scale
 * @property {(width: number, height: number) => void} resize  Show another number of units.
 * @property {(draw: (context: CanvasRenderingContext2D, scale: number) => void) => void} paint
 * @property {(event: PointerEvent | MouseEvent) => [number, number]} locate  Units under the pointer.
 */

/**
 * Make a board.
 * @param {object} options
 * @param {string} options.label  What it shows, for those who cannot see it.
 * @param {number} options.width  Units.
 * @param {number} options.height
 * @param {() => void} options.onResize
 * @param {(x: number, y: number) => void} [options.onMove]  Pointer over a place, in units.
 * @param {() => void} [options.onLeave]
 * @param {(x: number, y: number) => void} [options.onClick]
 * @param {(dx: number, dy: number) => void} [options.onArrow]  Arrow keys.
 * @returns {Board}
 */
export function makeBoard(options) {
  const canvas = /** @type {HTMLCanvasElement} */ (
    make("canvas", { class: "cn-board", role: "img", "aria-label": options.label })
  );
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  /** @type {Board} */
  const board = { canvas, width: options.width, height: options.height, scale: 1, resize, paint, locate };

  function fit() {
    const across = canvas.clientWidth || 1;
    board.scale = across / board.width;
    const ratio = window.devicePixelRatio || 1;
    const size = [Math.round(across * ratio), Math.round(board.height * board.scale * ratio)];
    if (canvas.width !== size[0] || canvas.height !== size[1]) [canvas.width, canvas.height] = size;
    return ratio;
  }
  /** @type {Board["resize"]} */
  function resize(width, height) {
    [board.width, board.height] = [width, height];
    canvas.style.cssText = `aspect-ratio: ${width} / ${height}; --cn-ratio: ${width / height}`;
  }
  /** @type {Board["paint"]} */
  function paint(draw) {
    const ratio = fit();
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.imageSmoothingEnabled = false;
    draw(context, board.scale);
  }
  /** @type {Board["locate"]} */
  function locate(event) {
    const place = canvas.getBoundingClientRect();
    return [
      ((event.clientX - place.left) / place.width) * board.width,
      ((event.clientY - place.top) / place.height) * board.height,
    ];
  }
  resize(options.width, options.height);
  new ResizeObserver(options.onResize).observe(canvas);
  const { onMove, onLeave, onClick, onArrow } = options;
  if (onMove) canvas.addEventListener("pointermove", (event) => onMove(...locate(event)));
  if (onLeave) canvas.addEventListener("pointerleave", onLeave);
  if (onClick) canvas.addEventListener("click", (event) => onClick(...locate(event)));
  if (onArrow) listenToArrows(canvas, onArrow);
  return board;
}

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * Make an element reachable by keyboard and hand on its arrow keys.
 * @param {HTMLElement} element
 * @param {(dx: number, dy: number) => void} onArrow
 */
export function listenToArrows(element, onArrow) {
  element.tabIndex = 0;
  element.addEventListener("keydown", (event) => {
    const step = ARROWS[event.key];
    if (!step) return;
    event.preventDefault();
    onArrow(...step);
  });
}

/** @type {Map<string, string>} */
const theme = new Map();

/**
 * Read a colour of the page's theme; each is looked up once until `forgetTheme`.
 * @param {string} name  As in "--cn-text".
 */
export function themeColour(name) {
  const known = theme.get(name);
  if (known) return known;
  const root = document.querySelector(".cn-explorer") ?? document.documentElement;
  const colour = getComputedStyle(root).getPropertyValue(name).trim() || "#888888";
  theme.set(name, colour);
  return colour;
}

/** Look colours up again, after a change between light and dark. */
export function forgetTheme() {
  theme.clear();
}
