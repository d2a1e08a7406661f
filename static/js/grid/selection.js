/* Which cell has the focus, and which are taken in with it. */

/** @import { Cell, Cells } from "./cells.js" */

export class Selection {
  /** @type {Cell | null} the cell that has the focus */
  here = null;
  /** @type {Cell | null} where taking in several began */
  #corner = null;
  /** @type {Cell[]} several cells, or none */
  #several = [];
  #cells;
  #frame;
  #table;
  #foot;
  #cameTo;

  /**
   * @param {Cells} cells
   * @param {{ frame: Element, table: HTMLTableElement, foot: Element, cameTo: (td: Cell) => void }} page `frame` scrolls
   *   the table, `foot` covers the lower end of the window, `cameTo` is told of each move
   */
  constructor(cells, { frame, table, foot, cameTo }) {
    this.#cells = cells;
    this.#frame = frame;
    this.#table = table;
    this.#foot = foot;
    this.#cameTo = cameTo;
  }

  /** The cells that a press is for. */
  get all() {
    if (this.#several.length) return this.#several;
    return this.here ? [this.here] : [];
  }

  /**
   * Moves the focus to a cell.
   * @param {Cell | null | undefined} td
   * @param {{ extend?: boolean }} [how] `extend` takes in what lies between
   */
  go(td, { extend = false } = {}) {
    if (!td) return;
    if (this.here && this.here !== td) this.here.tabIndex = -1;
    this.#corner = extend ? (this.#corner ?? this.here) : null;
    this.here = td;
    td.tabIndex = 0;
    this.#take(this.#corner ? this.#cells.between(this.#corner, td) : []);
    for (const [column, head] of this.#cells.heads.entries()) head.classList.toggle("here", column === this.#cells.column(td));
    td.setAttribute("aria-label", this.#cells.named(td));
    if (document.activeElement !== td) td.focus({ preventScroll: true });
    this.reveal(td);
    this.#cameTo(td);
  }

  /** Takes one cell without moving the focus: on a phone its piece has it. @param {Cell} td */
  takeAlone(td) {
    if (this.here !== td) this.#corner = null;
    this.here = td;
    this.#take([]);
  }

  /** @param {Cell[]} cells */
  #take(cells) {
    for (const td of this.#several) td.removeAttribute("aria-selected");
    this.#several = cells.length > 1 ? cells : [];
    for (const td of this.#several) td.setAttribute("aria-selected", "true");
  }

  /** Not under the head or the first column, which stay put. @param {HTMLTableCellElement} td */
  reveal(td) {
    const [cell, box] = [td.getBoundingClientRect(), this.#frame.getBoundingClientRect()];
    const left = box.left + this.#cells.rows[0].cells[0].offsetWidth;
    const top = box.top + (this.#table.tHead?.offsetHeight ?? 0);
    if (cell.left < left) this.#frame.scrollLeft -= left - cell.left;
    else if (cell.right > box.right - 12) this.#frame.scrollLeft += cell.right - box.right + 12;
    if (cell.top < top) this.#frame.scrollTop -= top - cell.top;
    else if (cell.bottom > box.bottom - 12) this.#frame.scrollTop += cell.bottom - box.bottom + 12;
    const after = td.getBoundingClientRect();
    const foot = this.#foot.getBoundingClientRect().top;
    if (after.bottom > foot) scrollBy(0, after.bottom - foot + 8);
    else if (after.top < 0) scrollBy(0, after.top - 8);
  }
}
