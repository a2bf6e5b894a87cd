/** The image with the answer: boxes, corners, truth, and what fell out at a step of the funnel. */
import { boxOf, idsOf } from "../twins/candidates.js";
import { SIDE_COLOURS } from "../kit/colours.js";
import { SIDES } from "../twins/sides.js";
import { makeBoard, themeColour } from "../kit/dom.js";
import { fallenAt } from "../twins/fallen.js";
import { cellToPx, cornerToPx } from "../twins/geometry.js";
import { makeLabels } from "../kit/labels.js";
import { atMost } from "../twins/numbers.js";
import { groupsOf } from "../twins/same-place.js";
import { isSomething } from "../kit/store.js";

const CORNER_ARM = 12; // CSS pixels
const NEAR = 14; // CSS pixels within which a corner or a box's edge is hit
const DIM = 0.25;

/** @typedef {import("../types.js").App} App */

/** @param {App} app @returns {import("../types.js").Panel} */
export function createBoxes(app) {
  const board = makeBoard({
    label: "The image with the boxes found. Arrow keys move from box to box.",
    width: 4,
    height: 3,
    onResize: () => app.redraw(),
    onMove: (x, y) => app.payload && app.hover(hit(app, [x, y], board.scale)),
    onLeave: () => app.hover(null),
    onClick: (x, y) => app.pin(hit(app, [x, y], board.scale)),
    onArrow: (dx, dy) => step(app, dx + dy),
  });

  /** @param {App} _ @param {import("../types.js").Changes} changes */
  function draw(_, changes) {
    const { image } = app.payload;
    if (changes.payload) board.resize(image.width, image.height);
    board.paint((context, scale) => {
      context.imageSmoothingEnabled = true;
      context.drawImage(app.pictures.image, 0, 0, image.width * scale, image.height * scale);
      drawTruth(context, app, scale);
      drawFallen(context, app, scale);
      drawAnswer(context, app, scale);
      drawFocus(context, app, scale);
    });
  }
  const caption = () => {
    const count = app.decision.detections.length;
    return `${count} ${count === 1 ? "box" : "boxes"}`;
  };
  return { element: board.canvas, draw, caption };
}

/**
 * Find what lies under a place: the corner of a detection, else the smallest box around it.
 * @param {App} app
 * @param {[number, number]} place
 * @param {number} scale
 */
function hit(app, [x, y], scale) {
  /** @type {{focus: Partial<import("../types.js").Focus>, cost: number} | null} */
  let best = null;
  for (const candidate of app.decision.detections) {
    const [x1, y1, x2, y2] = boxOf(app.decision, candidate);
    const pair = idsOf(app.decision, candidate);
    /** @type {{focus: Partial<import("../types.js").Focus>, cost: number}[]} */
    const near = [
      { focus: { topLeft: pair.topLeft }, cost: Math.hypot(x - x1, y - y1) * scale },
      { focus: { bottomRight: pair.bottomRight }, cost: Math.hypot(x - x2, y - y2) * scale },
    ].filter((option) => option.cost <= NEAR);
    const margin = NEAR / 3 / scale;
    const inside = x >= x1 - margin && x <= x2 + margin && y >= y1 - margin && y <= y2 + margin;
    if (inside) near.push({ focus: pair, cost: NEAR + (x2 - x1) * (y2 - y1) });
    for (const option of near) if (!best || option.cost < best.cost) best = option;
  }
  return best?.focus ?? null;
}

/** Pin the next box of the answer. @param {App} app @param {number} by */
function step(app, by) {
  const { detections } = app.decision;
  if (detections.length === 0) return;
  const places = Array.from(detections, (candidate) => idsOf(app.decision, candidate));
  const now = places.findIndex(
    (pair) => pair.topLeft === app.focus.topLeft && pair.bottomRight === app.focus.bottomRight,
  );
  const next = now < 0 ? 0 : (now + by + places.length) % places.length;
  app.pin(places[next]);
}

/**
 * Whether a pair has what is pointed at.
 * @param {import("../types.js").Focus} focus
 * @param {{topLeft: number, bottomRight: number}} pair
 */
function isLit(focus, pair) {
  if (focus.topLeft !== null && focus.topLeft !== pair.topLeft) return false;
  return focus.bottomRight === null || focus.bottomRight === pair.bottomRight;
}

/** @param {CanvasRenderingContext2D} context @param {App} app @param {number} scale */
function drawAnswer(context, app, scale) {
  const { focus, payload, decision } = app;
  const points = focus.topLeft !== null || focus.bottomRight !== null;
  const groups = groupsOf(decision, payload.samePlaceIou);
  const isFirst = (/** @type {number[]} */ group) =>
    !points || group.some((candidate) => isLit(focus, idsOf(decision, candidate)));
  for (const group of [...groups].reverse()) {
    const [candidate] = group;
    const colour = payload.colours[decision.candidates.labels[candidate]];
    context.globalAlpha = isFirst(group) ? 1 : DIM;
    const box = boxOf(app.decision, candidate).map((v) => v * scale);
    outline(context, box, colour, 2.5);
    elbow(context, box[0], box[1], 1, SIDE_COLOURS.topLeft);
    elbow(context, box[2], box[3], -1, SIDE_COLOURS.bottomRight);
  }
  const labels = makeLabels(context);
  for (const lit of [true, false]) {
    context.globalAlpha = lit ? 1 : DIM;
    for (const group of groups) {
      if (isFirst(group) !== lit) continue;
      const { labels: own, finalScores } = decision.candidates;
      const box = boxOf(decision, group[0]).map((v) => v * scale);
      const words = group.map((candidate) => [payload.categories[own[candidate]], atMost(finalScores[candidate])]);
      const last = words[words.length - 1];
      const names = [...words.slice(0, -1).map((both) => both.join(" ")), last[0]].join(", ");
      labels.put(names, last[1], box, payload.colours[own[group[0]]]);
    }
  }
  context.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} context @param {number[]} box @param {string} colour @param {number} width */
export function outline(context, [x1, y1, x2, y2], colour, width) {
  context.strokeStyle = "#ffffff";
  context.lineWidth = width + 2;
  context.strokeRect(x1, y1, x2 - x1, y2 - y1);
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.strokeRect(x1, y1, x2 - x1, y2 - y1);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {number} way
 * @param {string} colour
 */
function elbow(context, x, y, way, colour) {
  context.strokeStyle = colour;
  context.lineWidth = 4;
  context.beginPath();
  context.moveTo(x + way * CORNER_ARM, y);
  context.lineTo(x, y);
  context.lineTo(x, y + way * CORNER_ARM);
  context.stroke();
}

/** @param {CanvasRenderingContext2D} context @param {App} app @param {number} scale */
function drawTruth(context, app, scale) {
  const { truth } = app.payload;
  if (!truth) return;
  context.setLineDash([5, 4]);
  for (const box of truth.boxes)
    outline(
      context,
      box.map((v) => v * scale),
      "#1c1e24",
      1.2,
    );
  context.setLineDash([]);
}

/** @param {CanvasRenderingContext2D} context @param {App} app @param {number} scale */
function drawFallen(context, app, scale) {
  if (!app.state.fallen) return;
  const { corners, boxes } = fallenAt(app.payload, app.decision, app.state.fallen);
  context.fillStyle = "rgb(255 255 255 / 55%)";
  context.fillRect(0, 0, context.canvas.clientWidth, context.canvas.clientHeight);
  context.globalAlpha = 0.8;
  for (const box of boxes)
    outline(
      context,
      box.map((v) => v * scale),
      "#b3261e",
      1,
    );
  for (const side of SIDES) {
    for (const id of corners[side]) dot(context, app, side, id, scale, 3);
  }
  context.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {App} app
 * @param {import("../types.js").Side} side
 * @param {number} id
 * @param {number} scale
 * @param {number} radius
 */
function dot(context, app, side, id, scale, radius) {
  const [x, y] = cornerToPx(app.payload, side, id);
  context.beginPath();
  context.arc(x * scale, y * scale, radius, 0, 2 * Math.PI);
  context.fillStyle = SIDE_COLOURS[side];
  context.fill();
  context.lineWidth = 1.5;
  context.strokeStyle = "#1c1e24";
  context.stroke();
}

/**
 * Mark what is pointed at, also where it is no box.
 * @param {CanvasRenderingContext2D} context
 * @param {App} app
 * @param {number} scale
 */
function drawFocus(context, app, scale) {
  const { focus } = app;
  if (!isSomething(focus)) return;
  if (focus.topLeft !== null && focus.bottomRight !== null) {
    const [from, to] = [
      cornerToPx(app.payload, "topLeft", focus.topLeft),
      cornerToPx(app.payload, "bottomRight", focus.bottomRight),
    ];
    context.setLineDash([3, 3]);
    outline(
      context,
      [...from, ...to].map((v) => v * scale),
      themeColour("--cn-accent"),
      1.5,
    );
    context.setLineDash([]);
  }
  if (focus.cell) {
    const [x, y] = focus.cell;
    const { frame } = app.payload;
    outline(
      context,
      [...cellToPx(frame, x, y), ...cellToPx(frame, x + 1, y + 1)].map((v) => v * scale),
      themeColour("--cn-accent"),
      1.5,
    );
  }
  for (const side of SIDES) {
    const id = focus[side];
    if (id !== null) dot(context, app, side, id, scale, 6);
  }
}
