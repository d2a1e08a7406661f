/* The grid on a phone: one criterion a row, its pieces under it when it is pressed. */

import { element, find } from "../dom.js";
import { narrow } from "./dock.js";

/** @import { Cell, Cells } from "./cells.js" */

/**
 * Unfolds the criteria of the key where the table has no room.
 * @param {Cells} cells
 * @param {{ press: ((td: Cell) => void) | null, unfolded: () => void }} may `press` claims or takes back; without it a
 *   piece leads to its own page
 */
export function foldOnPhones(cells, { press, unfolded }) {
  for (const [column, anchor] of cells.anchors.entries()) {
    const line = cells.line(column);
    const link = find("a", HTMLAnchorElement, line);
    if (narrow.matches) link.setAttribute("aria-expanded", "false");
    link.addEventListener("click", (event) => {
      if (!narrow.matches || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      unfolded();
      const open = line.querySelector(".grid-pieces");
      link.setAttribute("aria-expanded", String(!open));
      if (open) return open.remove();
      const pieces = cells.rows.map((row) => pieceFor(cells, row.cells[column + 1], press));
      const more = element("a", { href: link.href, textContent: "All about this criterion" });
      line.append(element("div", { className: "grid-pieces" }, ...pieces, more));
      return undefined;
    });
  }
}

/**
 * @param {Cells} cells
 * @param {Cell} td
 * @param {((td: Cell) => void) | null} press
 */
function pieceFor(cells, td, press) {
  const { number, title } = cells.piece(td);
  const shape = element("span");
  const inside = [element("b", { textContent: number }), element("bdi", { textContent: title }), shape];
  const piece = press
    ? element("button", { type: "button", className: "grid-piece" }, ...inside)
    : element("a", { className: "grid-piece", href: cells.address(td) }, ...inside);
  if (press) piece.addEventListener("click", () => press(td));
  td.showAgain = () => {
    const standing = cells.standing(td);
    const isUnsaved = cells.isUnsaved(td);
    shape.className = `outcome outcome-${cells.shape(standing)}`;
    shape.textContent = isUnsaved ? "Not saved yet" : cells.label(standing);
    piece.classList.toggle("unsaved", isUnsaved);
    if (press) piece.setAttribute("aria-pressed", String(standing !== "empty"));
  };
  td.showAgain();
  return piece;
}
