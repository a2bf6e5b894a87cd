/**
 * What the explorer is made of, as types only. Python writes `Payload` (cornernet/ui/explorer/payload.py).
 *
 * Ids of corners index the columns of a `CornerColumns`: all corners that any peak window and top-k on offer can find,
 * the best first. "cell" counts heatmap cells from the upper left, "px" pixels of the shown image; x, then y.
 *
 * @typedef {"topLeft" | "bottomRight"} Side
 *
 * @typedef {object} Settings Thresholds, as in Python's `DecodeConfig`.
 * @property {number} topK
 * @property {number} peakWindow
 * @property {number} minCornerScore
 * @property {number} maxEmbeddingDistance
 * @property {number} minScore
 * @property {number} maxPairs
 * @property {number} maxDetections
 * @property {"gaussian" | "linear" | "hard" | "none"} nms
 * @property {number} nmsSigma
 * @property {number} nmsIou
 *
 * @typedef {object} Range A slider: which setting, from where to where.
 * @property {Exclude<keyof Settings, "nms">} name
 * @property {string} label
 * @property {string} hint  What it is.
 * @property {number} minimum
 * @property {number} maximum
 * @property {number} step
 * @property {Settings["nms"][]} nms  The kinds of suppression that the setting matters to.
 *
 * @typedef {object} VerdictWords
 * @property {string} name
 * @property {string} letter  Tells it apart without colour.
 * @property {string} words
 * @property {string} colour
 *
 * @typedef {object} Vocabulary Words, colours and limits that Python names.
 * @property {VerdictWords[]} verdicts  By code; see twins/verdicts.js.
 * @property {Record<Side, string>} sides
 * @property {{name: Settings["nms"], words: string}[]} nms
 * @property {{name: string, title: string}[]} tabs  Of the page, the explorer's own first.
 * @property {{topK: number, scoresPerUnit: number}} limits  Corners of each window that are surely sent;
 *   scores of `countsAbove` from 0 to 1.
 *
 * @typedef {object} Atlas Maps of one size, one under the other, in a grey PNG: 0 to 255.
 * @property {string} url
 * @property {number[]} names  A label or a channel for each map; -1 for the maximum over categories.
 *
 * @typedef {object} CornerColumns
 * @property {number[]} label
 * @property {number[]} x  Cell of the corner.
 * @property {number[]} y
 * @property {number[]} offsetX  From the cell's index to the corner, in cells.
 * @property {number[]} offsetY
 * @property {number[]} score
 * @property {number[]} embedding
 * @property {number[]} window  The largest window, among those on offer, in which it is a maximum.
 * @property {Record<string, number[]>} countsAbove  Local maxima over all cells with a score of at least 0,
 *   0.01, ... 0.5, for each window on offer.
 * @property {Atlas} heatmaps  255 is a score of 1.
 *
 * @typedef {object} Frame  px = (cell * ratio - shift) / scale, clipped to the image.
 * @property {[number, number]} ratio  Network pixels per cell.
 * @property {[number, number]} shift
 * @property {[number, number]} scale
 *
 * @typedef {object} Picture
 * @property {string} url
 * @property {number} width
 * @property {number} height
 *
 * @typedef {object} Step One thumbnail of the ribbon.
 * @property {string} name  The panel it leads to.
 * @property {string} title
 * @property {string} chip  Its shape, as in 64 x 48 x 8.
 *
 * @typedef {object} Stop One stop of the tour.
 * @property {string} id
 * @property {string} title
 * @property {string[]} paragraphs
 * @property {string} question
 * @property {string} answer  What the explorer shows when the question is asked.
 * @property {string} source  Where in the paper.
 * @property {string} panel  Which panel to go to.
 * @property {Range["name"]} [setting]  A threshold to move at this stop.
 * @property {string} [tab]  Another tab of the page that it speaks of.
 * @property {string} view  The query that sets the view, as in "example=2&pin=0-1&minScore=0.2".
 *
 * @typedef {object} Hint That the image does not look like what the model knows.
 * @property {string} why
 * @property {string} model  Which one would suit.
 * @property {string} offer  What its button says.
 *
 * @typedef {object} Pooling What the network does where the paper's has corner pooling.
 * @property {string} name
 * @property {string} note  Why there is no scan to watch; "" where there is one.
 *
 * @typedef {object} Payload All that the explorer needs of one image.
 * @property {string} key  New for every image.
 * @property {string} model
 * @property {string} footer  Device and times, in words.
 * @property {string} source  How to get this image again, as in "example=2", "example=coffee" or "scene=17"; ""
 *   if it cannot be.
 * @property {string[]} categories
 * @property {string} knows  What the model can see at all, in words.
 * @property {boolean} knowsMore  Whether it can see more than those words name.
 * @property {string[]} colours  "#rrggbb" for each category.
 * @property {Picture} image  What the visitor gave, perhaps made smaller.
 * @property {[number, number]} originalPerShown  Pixels of the given image per px.
 * @property {Picture} canvas  The network's input: resized and padded.
 * @property {Frame} frame
 * @property {{width: number, height: number}} cells  Of the heatmaps.
 * @property {number} cellsInAll  Cells of all categories' heatmaps of one corner.
 * @property {CornerColumns} topLeft
 * @property {CornerColumns} bottomRight
 * @property {Atlas} features  Channels of the last hourglass, each in its own range.
 * @property {Settings} settings  The model's own.
 * @property {number} samePlaceIou  From which on boxes of several categories claim one place.
 * @property {Range[]} ranges
 * @property {Vocabulary} vocabulary
 * @property {{boxes: number[][], labels: number[]} | null} truth  Boxes in px.
 * @property {Step[]} ribbon
 * @property {Record<string, {title: string, text: string}>} texts  Of each panel.
 * @property {string} input  How the image became the network's input, and that the heatmaps' cells, in words.
 * @property {Stop[]} tour
 * @property {Hint | null} hint
 * @property {Pooling} pooling
 * @property {string} note  What is to be known of the image; "" where there is nothing.
 * @property {import("./answer-types.js").KeptAnswer[]} answers  Those worked out beforehand; [] where a server answers.
 *
 * @typedef {object} Candidates Pairs that passed category, order and distance, the best first.
 * @property {Int32Array} topLeft  Rank of the corner among the decision's peaks.
 * @property {Int32Array} bottomRight
 * @property {Float64Array} boxes  x1, y1, x2, y2 of each, in px.
 * @property {Float64Array} scores  Before suppression.
 * @property {Int32Array} labels
 * @property {Float64Array} finalScores  After suppression.
 * @property {Int32Array} strongest  The candidate that lowered it most; -1 for none.
 * @property {Float64Array} strongestFactor  What its score was multiplied with by that one.
 * @property {Uint8Array} isDetection
 *
 * @typedef {object} FunnelStep
 * @property {string} name
 * @property {string} label
 * @property {number} count
 * @property {boolean} [isLeast]  Whether there may be more: at scores between those counted for.
 *
 * @typedef {object} Decision What the settings make of the payload; Python's `Decoding`.
 * @property {Settings} settings
 * @property {Int32Array} topLeft  Ids of the peaks, the best first.
 * @property {Int32Array} bottomRight
 * @property {Uint8Array} verdicts  Row by row: a row for each top-left peak. Codes: twins/verdicts.js.
 * @property {Candidates} candidates
 * @property {Int32Array} detections  Candidates that are boxes of the answer, the best first.
 * @property {FunnelStep[]} funnel
 *
 * @typedef {object} Focus What is pointed at; corners by id.
 * @property {number | null} topLeft
 * @property {number | null} bottomRight
 * @property {[number, number] | null} cell
 *
 * @typedef {object} State
 * @property {Settings} settings
 * @property {Focus | null} hover
 * @property {Focus | null} pin
 * @property {number} label  Whose heatmaps are shown; -1 for all.
 * @property {Side} side  Which corner of the pair the panels about one corner look at.
 * @property {string | null} fallen  The funnel's step whose losses are shown on the image.
 * @property {string | null} large  The panel that is enlarged.
 * @property {string | null} stop  The tour's stop.
 * @property {string} tab  Of the page.
 * @property {boolean} projector
 * @property {boolean} predict  Whether the visitor predicts first.
 *
 * @typedef {object} App What panels work with. Everything a panel changes goes through it.
 * @property {Payload} payload
 * @property {Decision} decision
 * @property {State} state
 * @property {Focus} focus  What is pointed at, else what is pinned, else nothing.
 * @property {Record<string, Uint8Array[]>} maps  Decoded atlases: topLeft, bottomRight, features.
 * @property {{image: HTMLImageElement, canvas: HTMLImageElement}} pictures
 * @property {(patch: Partial<State>) => void} set  Change the state; panels are redrawn.
 * @property {(focus: Partial<Focus> | null) => void} hover
 * @property {(focus: Partial<Focus> | null) => void} pin
 * @property {(question: string, data: object) => Promise<any>} ask  Ask the server; rejects with a sentence.
 * @property {(question: string, data: object) => string} refusal  Why it will not be answered; "" if it will.
 * @property {(panel: string) => void} show  Scroll to a panel.
 * @property {(query: string) => void} go  Load another image or view.
 * @property {() => void} redraw
 *
 * @typedef {object} Changes What is new since the last drawing.
 * @property {boolean} payload
 * @property {boolean} decision
 * @property {boolean} focus
 *
 * @typedef {object} Panel
 * @property {HTMLElement} element  Its body, below title and text.
 * @property {(app: App, changes: Changes) => void} draw
 * @property {() => string} [caption]  Its numbers in words, for the plate.
 */
export {};
