/* The grid of a unit: moving in it, claiming and judging cells, undo.

   The page works without this script: each row leads to its piece, each column to its criterion. */

import { find } from "../dom.js";
import { sendPresses } from "../presses/on_page.js";
import { UndoHistory } from "../presses/undo.js";
import { Cells } from "./cells.js";
import { Dock } from "./dock.js";
import { foldOnPhones } from "./folded.js";
import { missing } from "./missing.js";
import { OUTCOMES, asked, may, spaceWants, undoWants, whyNot } from "./press_rules.js";
import { Selection } from "./selection.js";

/** @import { Standing } from "../statuses.js" */
/** @import { Cell } from "./cells.js" */
/** @import { Acts, Wanted } from "./press_rules.js" */

const root = find("#grid", HTMLElement);
const table = find("table.grid", HTMLTableElement, root);
const acts = /** @type {Acts} */ (root.dataset.acts);
const { candidate = "" } = root.dataset; // what the centre calls them
const cells = new Cells(root, table);
const { rows, anchors } = cells;
const says = find("#grid-says", HTMLElement);
const saving = /** @type {HTMLElement | null} */ (document.querySelector(".grid-saving"));
const undoButton = /** @type {HTMLButtonElement | null} */ (document.getElementById("grid-undo"));
/** @type {UndoHistory<{ td: Cell, from: Standing, reason: string }>} */
const history = new UndoHistory(undoButton);
/** @type {Cell | null} a judged claim is taken back on the second press */
let askedOf = null;

const dock = new Dock(find("#grid-dock", HTMLElement), cells, { acts, candidate, press: act, askWhy, takeBack: space });
const selection = new Selection(cells, {
  frame: find(".grid-scroll", HTMLElement, root),
  table,
  foot: find(".grid-foot", HTMLElement, root),
  cameTo: (td) => show(td),
});

/** The cell with the focus; what a press does is asked of no other. */
const here = () => /** @type {Cell} */ (selection.here);

/** @param {Cell} td */
function show(td) {
  dock.show(td, selection.all.length);
}

/** @param {Cell} td @param {Standing} standing */
function paint(td, standing) {
  cells.paint(td, standing);
  if (cells.isWhole) countSoon();
  if (td === selection.here && !dock.isAsking) show(td); // nobody loses a reason half typed
}

// --- How many are missing -------------------------------------------------------------------------------

const missingCount = document.getElementById("grid-missing");
const range = root.dataset.range ? JSON.parse(root.dataset.range) : null;
// The server also counts columns that are not shown.
const [missingAtFirst, missingHereAtFirst] = [Number(missingCount?.textContent), missingHere()];
let isToBeCounted = false;

function missingHere() {
  /** @param {Element} thing */
  const isEnough = (thing) => [...(root.dataset.enough ?? "")].some((letter) => thing.classList.contains(letter));
  const places = [...rows.keys()];
  return missing(
    anchors,
    (anchor) => isEnough(cells.heads[anchors.indexOf(anchor)]),
    (anchor) => places.filter((place) => isEnough(rows[place].cells[anchors.indexOf(anchor) + 1])),
    range,
  );
}

/** Counts once, however many cells are pressed together. */
function countSoon() {
  if (!missingCount || isToBeCounted) return;
  isToBeCounted = true;
  queueMicrotask(() => {
    isToBeCounted = false;
    missingCount.textContent = String(missingAtFirst + missingHere() - missingHereAtFirst);
  });
}

// --- Changes --------------------------------------------------------------------------------------------

const sending = sendPresses(root, {
  banner: find("#grid-unsaved", HTMLElement),
  named: ({ e, c, to, reason }) => {
    const td = cells.at(e, c);
    if (!td) return "";
    const wanted = cells.words(cells.standingOf(to));
    return `${cells.code(td)} of evidence ${cells.piece(td).number}: ${wanted}${reason ? ` (${reason})` : ""}`;
  },
  settled: (press, result) => {
    const td = cells.at(press.e, press.c);
    if (!td) return false;
    td.seen = result.stamp;
    if (press.reason) td.lastReason = press.reason;
    cells.setUnsaved(td, false);
    td.refused = result.refused;
    paint(td, cells.standingOf(result.status));
    if (!result.refused) return false;
    history.forget((one) => one.td === td);
    return td === selection.here && dock.isSaying(result.refused);
  },
  givenBack: (press) => {
    const td = cells.at(press.e, press.c);
    if (!td) return;
    cells.setUnsaved(td, false);
    history.forget((one) => one.td === td);
    paint(td, cells.standingOf(press.was));
  },
  says: (words) => {
    if (saving) saving.hidden = false;
    const saved = document.getElementById("grid-saved");
    if (saved) saved.textContent = words;
  },
  read: () => (selection.here ?? rows[0].cells[1]).focus(),
});

/** @param {Cell} td @param {Standing} wanted */
function change(td, wanted, reason = "") {
  const from = cells.standing(td);
  const seen = td.seen ?? td.dataset.s ?? "";
  sending.add({ e: cells.piece(td).uuid, c: cells.anchor(td), to: asked(from, wanted), reason, seen, was: from });
  td.refused = "";
  paint(td, wanted);
  cells.setUnsaved(td, true);
  return { td, from, reason: td.lastReason ?? "" };
}

// --- What a press does ----------------------------------------------------------------------------------

/** @param {Cell} td @param {Wanted} wanted */
const mayBe = (td, wanted) => may(acts, cells.standing(td), wanted, cells.standing(here()));

/** @param {Wanted} wanted */
function act(wanted, reason = "") {
  const pressed = selection.all;
  const group = pressed.filter((td) => mayBe(td, wanted)).map((td) => change(td, wanted, reason));
  if (group.length) {
    history.push(group);
    if (saving) saving.hidden = false;
    says.textContent = group.length === 1 ? cells.named(group[0].td) : `${group.length} cells: ${cells.words(wanted)}`;
    sending.send();
  } else if (pressed.length) problem(whyNot(acts, cells.standing(pressed[0]), wanted, cells.words, candidate));
}

/** What space does, and on a candidate's page a press. A judged claim is taken back on the second one only. */
function space() {
  const wanted = spaceWants(acts, cells.standing(here()));
  const judged = selection.all.filter((td) => OUTCOMES.includes(cells.standing(td)));
  if (acts === "claim" && wanted === "empty" && judged.length && askedOf !== here()) {
    askedOf = here();
    const words = cells.words(cells.standing(judged[0]));
    problem(`${cells.code(here())} was judged “${words}”. Taking the claim back loses that: press again to take it back all the same.`);
    return;
  }
  if (wanted === "empty") askedOf = null;
  act(wanted);
}

function undo() {
  const group = history.pop();
  if (!group) return;
  for (const { td, ...pressed } of group) {
    const again = undoWants(acts, pressed);
    if (again) change(td, again.wanted, again.reason);
    else problem(`Say again why ${cells.code(td)} is not yet met.`);
  }
  says.textContent = `Undone: ${group.length === 1 ? cells.named(group[0].td) : `${group.length} cells`}`;
  sending.send();
}

/** @param {string} words */
function problem(words) {
  show(here());
  dock.problem(words);
  says.textContent = words;
}

function askWhy() {
  const asking = selection.all;
  if (!asking.some((td) => mayBe(td, "not_yet"))) {
    problem(whyNot(acts, cells.standing(here()), "not_yet", cells.words, candidate));
    return;
  }
  show(here());
  dock.askReason(asking[0], { give: (reason) => act("not_yet", reason), close: () => here().focus() });
}

// --- Keys and presses -----------------------------------------------------------------------------------

/** @type {Record<string, [down: number, right: number]>} */
const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0], PageUp: [-10, 0], PageDown: [10, 0] };

/**
 * Moves by an arrow or a page; from the first row on to the links over it, from the first column to those beside it.
 * @param {KeyboardEvent} event
 */
function step({ target, key, shiftKey }) {
  const from = /** @type {HTMLTableCellElement} */ (/** @type {Element} */ (target).closest("td, th"));
  const over = cells.heads.indexOf(from);
  const [row, column] = over < 0 ? [rows.indexOf(cells.row(from)), from.cellIndex] : [-1, over + 1];
  const [down, right] = STEPS[key];
  const nextRow = Math.min(Math.max(row + down, row > 0 || shiftKey ? 0 : -1), rows.length - 1);
  const nextColumn = Math.min(Math.max(column + right, column > 1 || shiftKey ? 1 : 0), anchors.length);
  if (nextRow >= 0 && nextColumn > 0) return selection.go(rows[nextRow].cells[nextColumn], { extend: shiftKey });
  const head = nextRow < 0 ? cells.heads[nextColumn - 1] : rows[nextRow].cells[0];
  if (!head) return undefined; // the corner
  find("a", HTMLAnchorElement, head).focus({ preventScroll: true });
  return selection.reveal(head);
}

/** @param {Event} event @returns {Cell | null | undefined} */
const cellOf = (event) => /** @type {Element} */ (event.target).closest("td");

table.addEventListener("keydown", (event) => {
  const td = cellOf(event);
  if (event.altKey) return;
  if (STEPS[event.key] && !event.ctrlKey && !event.metaKey) {
    step(event);
    event.preventDefault();
    return;
  }
  if (!td) return; // the links of the heads are links
  const key = event.key.toLowerCase();
  const row = cells.row(td);
  const extend = event.shiftKey;
  if (event.ctrlKey || event.metaKey) {
    if (key === "z" && acts !== "read") undo();
    else if (event.key === "Home") selection.go(rows[0].cells[1]);
    else if (event.key === "End") selection.go(rows.at(-1)?.cells[anchors.length]);
    else return;
  } else if (event.key === "Home") selection.go(row.cells[1], { extend });
  else if (event.key === "End") selection.go(row.cells[anchors.length], { extend });
  else if (event.key === "Escape") selection.go(td);
  else if (event.key === "Enter") location.assign(cells.address(td));
  else if (event.key === " ") space();
  else if (acts === "judge" && key === "m") act("met");
  else if (acts === "judge" && key === "p") act("partly");
  else if (acts === "judge" && key === "n") askWhy();
  else if (acts === "judge" && (event.key === "Delete" || event.key === "Backspace")) act("empty");
  else return;
  event.preventDefault();
});

table.addEventListener("click", (event) => {
  const td = cellOf(event);
  if (!td || event.shiftKey) return;
  selection.go(td);
  if (acts === "claim") space();
});
table.addEventListener("mousedown", (event) => {
  const td = cellOf(event);
  if (!td || !event.shiftKey) return;
  event.preventDefault(); // else the cell has the focus before what lies between is taken in
  selection.go(td, { extend: true });
});
table.addEventListener("focusin", (event) => {
  const td = cellOf(event);
  if (td && td !== selection.here) selection.go(td);
});

foldOnPhones(cells, {
  press: acts === "claim" ? pressOnPhone : null,
  unfolded: () => dock.hide(), // what it said was about another criterion
});

/** @param {Cell} td */
function pressOnPhone(td) {
  if (selection.here !== td) askedOf = null;
  selection.takeAlone(td);
  space();
}

// --- To begin with --------------------------------------------------------------------------------------

table.setAttribute("role", "grid");
find(".grid-scroll", HTMLElement, root).removeAttribute("tabindex");
for (const row of rows) for (const td of row.cells) if (td.tagName === "TD") td.tabIndex = -1;
rows[0].cells[1].tabIndex = 0;
for (const link of table.querySelectorAll("a")) link.tabIndex = -1; // Tab comes to one cell at once, the arrows to all else
undoButton?.addEventListener("click", undo);
addEventListener("beforeunload", (event) => {
  if (dock.isHalfTyped) event.preventDefault();
});

// What an earlier page could not send: shown as unsaved, and sent now.
for (const press of sending.takeOver()) {
  const td = cells.at(press.e, press.c);
  if (!td) continue;
  press.was = cells.standing(td);
  paint(td, cells.standingOf(press.to));
  cells.setUnsaved(td, true);
}
if (acts === "read") sending.giveBackAll("This unit cannot be changed here any more.");
else sending.send();
