/* The cells of a grid: what each is about, how it stands, and showing that it stands otherwise. */

import { find } from "../dom.js";
import { statusesOf } from "../statuses.js";

/** @import { Standing, Status } from "../statuses.js" */

/**
 * A cell, with what the page knows of it besides: the stamp of what the server last said, why it refused the last
 * press, the last reason given, and what shows the cell a second time.
 * @typedef {HTMLTableCellElement & { seen?: string, refused?: string, lastReason?: string, showAgain?: () => void }} Cell
 */

/** @param {string} path */
const lastPart = (path) => path.split("/").filter(Boolean).at(-1) ?? "";

/** @param {string} words */
const lowerFirst = (words) => words[0].toLowerCase() + words.slice(1);

export class Cells {
  /** @type {Map<string, Standing>} */
  #byLetter;

  /**
   * @param {HTMLElement} root `#grid`
   * @param {HTMLTableElement} table
   */
  constructor(root, table) {
    this.statuses = statusesOf(root);
    this.#byLetter = new Map([...this.statuses].map(([standing, { letter }]) => [letter, standing]));
    this.isWhole = "whole" in root.dataset; // all pieces are on the page
    this.rows = [...table.tBodies[0].rows];
    const head = /** @type {HTMLTableSectionElement} */ (table.tHead).rows;
    this.heads = [...head[head.length - 1].cells];
    this.anchors = this.heads.map((head) => lastPart(find("a", HTMLAnchorElement, head).pathname));
    const lines = /** @type {HTMLElement[]} */ ([...root.querySelectorAll(".grid-key li")]);
    /** The lines of the key, by anchor. */
    this.lines = new Map(lines.map((line) => [lastPart(find("a", HTMLAnchorElement, line).pathname), line]));
  }

  /** @param {Standing} standing */
  #status(standing) {
    return /** @type {Status} */ (this.statuses.get(standing));
  }

  /**
   * How a cell, a head or a line stands: the one class of one letter says it.
   * @param {Element} thing
   * @returns {Standing}
   */
  standing(thing) {
    const letter = [...thing.classList].find((name) => name.length === 1) ?? "";
    return /** @type {Standing} */ (this.#byLetter.get(letter));
  }

  /**
   * How a cell stands of which the server, or a press, says so: its claim may be gone, or wait again.
   * @param {string} status
   * @returns {Standing}
   */
  standingOf(status) {
    if (status === "waiting") return "claimed";
    return status === "gone" ? "empty" : /** @type {Standing} */ (status);
  }

  /** How that is said in a sentence. @param {Standing} standing */
  words = (standing) => lowerFirst(this.label(standing));

  /** How that is said by itself. @param {Standing} standing */
  label(standing) {
    return this.#status(standing).words;
  }

  /** @param {Standing} standing */
  shape(standing) {
    return this.#status(standing).shape;
  }

  /** @param {Cell} td */
  column(td) {
    return td.cellIndex - 1;
  }

  /** @param {Cell} td */
  row(td) {
    return /** @type {HTMLTableRowElement} */ (td.parentElement);
  }

  /** @param {Cell} td */
  anchor(td) {
    return this.anchors[this.column(td)];
  }

  /** The piece of evidence of its row. @param {Cell} td */
  piece(td) {
    const link = find("a", HTMLAnchorElement, this.row(td).cells[0]);
    return {
      uuid: lastPart(link.pathname),
      number: link.querySelector("b")?.textContent ?? "",
      title: link.querySelector("bdi")?.textContent ?? "",
      href: link.getAttribute("href"),
    };
  }

  /**
   * @param {string} uuid of a piece
   * @param {string} anchor of a criterion
   * @returns {Cell | null} null where this page does not show it
   */
  at(uuid, anchor) {
    const row = this.rows.find((row) => lastPart(find("a", HTMLAnchorElement, row.cells[0]).pathname) === uuid);
    return row?.cells[this.anchors.indexOf(anchor) + 1] ?? null;
  }

  /** The cells between two corners, with both. @param {Cell} one @param {Cell} other */
  between(one, other) {
    const [top, bottom] = [this.rows.indexOf(this.row(one)), this.rows.indexOf(this.row(other))].sort((a, b) => a - b);
    const [left, right] = [one.cellIndex, other.cellIndex].sort((a, b) => a - b);
    return this.rows.slice(top, bottom + 1).flatMap((row) => [...row.cells].slice(left, right + 1));
  }

  /** @param {Cell} td */
  code(td) {
    return this.heads[this.column(td)].textContent.trim();
  }

  /** The line of the key that says the criterion of a column. @param {number} column */
  line(column) {
    return /** @type {HTMLElement} */ (this.lines.get(this.anchors[column]));
  }

  /** The criterion in words, without its code. @param {Cell} td */
  criterion(td) {
    const link = find("a", HTMLAnchorElement, this.line(this.column(td)));
    return link.textContent.trim().slice(link.querySelector("b")?.textContent.length).trim();
  }

  /** Where the cell is looked at closely. @param {Cell} td */
  address(td) {
    return `${this.piece(td).href}#${this.anchor(td)}`;
  }

  /** @param {Cell} td */
  isUnsaved(td) {
    return td.classList.contains("unsaved");
  }

  /** The cell in words, for who hears the page. @param {Cell} td */
  named(td) {
    const unsaved = this.isUnsaved(td) ? ", not saved yet" : "";
    return `Evidence ${this.piece(td).number}, ${this.code(td)}: ${this.words(this.standing(td))}${unsaved}`;
  }

  /** @param {Cell} td @param {Standing} standing */
  paint(td, standing) {
    this.#mark(td, standing);
    td.textContent = standing === "empty" ? "" : this.label(standing);
    if (this.isWhole) this.#summarise(this.column(td));
    this.#retell(td);
  }

  /** @param {Cell} td @param {boolean} isUnsaved */
  setUnsaved(td, isUnsaved) {
    td.classList.toggle("unsaved", isUnsaved);
    this.#retell(td);
    if (!td.classList.length) td.removeAttribute("class");
  }

  /** @param {Element} thing @param {Standing} standing */
  #mark(thing, standing) {
    for (const letter of this.#byLetter.keys()) if (letter) thing.classList.remove(letter);
    const { letter } = this.#status(standing);
    if (letter) thing.classList.add(letter);
    else if (!thing.classList.length) thing.removeAttribute("class");
  }

  /** What says how the cell stands besides itself: its piece on a phone, and its name. @param {Cell} td */
  #retell(td) {
    td.showAgain?.();
    if (td.hasAttribute("aria-label")) td.setAttribute("aria-label", this.named(td));
  }

  /** How the criterion stands as the best of its claims does. @param {number} column */
  #summarise(column) {
    const standings = new Set(this.rows.map((row) => this.standing(row.cells[column + 1])));
    const best = [...this.statuses.keys()].find((standing) => standings.has(standing)) ?? "empty";
    this.#mark(this.heads[column], best);
    const line = this.line(column);
    this.#mark(line, best);
    find(":scope > i", HTMLElement, line).textContent = this.label(best);
  }
}
