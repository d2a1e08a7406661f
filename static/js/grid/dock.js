/* The words of the cell at hand, under the grid, with what can be done there. */

import { button, element } from "../dom.js";
import { OUTCOMES } from "./press_rules.js";

/** @import { Cell, Cells } from "./cells.js" */
/** @import { Acts, Wanted } from "./press_rules.js" */

export const narrow = matchMedia("(max-width: 40rem)"); // the words stand on the page itself then

export class Dock {
  #box;
  #cells;
  #acts;
  #candidate;
  #press;
  #askWhy;
  #takeBack;
  /** @type {Map<Cell, string>} reasons that are not given yet */
  #halfTyped = new Map();

  /**
   * @param {HTMLElement} box
   * @param {Cells} cells
   * @param {{ acts: Acts, candidate: string, press: (wanted: Wanted) => void, askWhy: () => void, takeBack: () => void }} may
   *   `candidate` is what the centre calls them
   */
  constructor(box, cells, { acts, candidate, press, askWhy, takeBack }) {
    this.#box = box;
    this.#cells = cells;
    this.#acts = acts;
    this.#candidate = candidate;
    this.#press = press;
    this.#askWhy = askWhy;
    this.#takeBack = takeBack;
  }

  /** Whether a reason is being asked for. */
  get isAsking() {
    return this.#box.querySelector("form") !== null;
  }

  get isHalfTyped() {
    return this.#halfTyped.size > 0;
  }

  /** @param {string} words */
  isSaying(words) {
    return this.#box.textContent.includes(words);
  }

  hide() {
    this.#box.hidden = true;
  }

  /** @param {Cell} td @param {number} taken how many cells are taken in */
  show(td, taken) {
    if (narrow.matches) {
      this.#box.replaceChildren();
      this.hide();
      return;
    }
    const isAlone = taken < 2;
    const piece = this.#cells.piece(td);
    const code = element("strong", { className: "code", textContent: this.#cells.code(td) });
    const criterion = element("p", {}, code, ` ${this.#cells.criterion(td)}`);
    const standing = this.#cells.words(this.#cells.standing(td));
    const where = isAlone
      ? [`Evidence ${piece.number}: `, element("bdi", { textContent: piece.title }), `. ${standing[0].toUpperCase()}${standing.slice(1)}.`]
      : [`${taken} cells taken in`];
    const words = element("div", {}, criterion, element("p", { className: "quiet" }, ...where));
    this.#box.replaceChildren(words, element("div", { className: "actions" }, ...this.#offers(td, isAlone)));
    if (td.refused && isAlone) this.#box.append(element("p", { className: "problem", role: "alert", textContent: td.refused }));
    this.#box.hidden = false;
  }

  /** @param {string} words */
  problem(words) {
    this.#box.append(element("p", { className: "problem", textContent: words }));
    this.#box.hidden = false;
  }

  /** @param {Cell} td @param {boolean} isAlone */
  #offers(td, isAlone) {
    const standing = this.#cells.standing(td);
    const isEmpty = standing === "empty";
    /** @type {HTMLElement[]} */
    const offered = [];
    if (this.#acts === "claim") {
      if (!isEmpty) offered.push(button("Take back", this.#takeBack));
      else if (!td.refused) offered.push(button("Claim", () => this.#press("claimed"), "btn-primary"));
    }
    if (this.#acts === "judge") {
      if (isEmpty && !td.refused) offered.push(button(`Claim for the ${this.#candidate}`, () => this.#press("claimed")));
      if (standing === "claimed" || OUTCOMES.includes(standing)) {
        offered.push(button("Met", () => this.#press("met"), "btn-primary"), button("In part", () => this.#press("partly")));
        offered.push(button("Not yet", this.#askWhy));
      }
      if (OUTCOMES.includes(standing)) offered.push(button("Take back", () => this.#press("claimed")));
    }
    const look = { className: "btn btn-sm btn-outline-secondary", href: this.#cells.address(td), textContent: "Open" };
    if (isAlone) offered.push(element("a", look));
    return offered;
  }

  /**
   * Asks why a criterion is not yet met. What is typed stays when something else is looked at before it is given.
   * @param {Cell} td
   * @param {{ give: (reason: string) => void, close: () => void }} then `close` is told of each end, after `give`
   */
  askReason(td, { give, close }) {
    const field = element("textarea", { className: "form-control", rows: 2, maxLength: 5000, required: true });
    const label = element("label", {}, `What is missing, in a sentence for the ${this.#candidate}`, field);
    const save = element("button", { className: "btn btn-sm btn-primary", textContent: "Not yet" });
    field.value = this.#halfTyped.get(td) ?? "";
    field.addEventListener("input", () => {
      if (field.value.trim()) this.#halfTyped.set(td, field.value);
      else this.#halfTyped.delete(td);
    });
    const end = (reason = "") => {
      this.#halfTyped.delete(td);
      form.remove();
      if (reason) give(reason);
      close();
    };
    const form = element("form", {}, label, save, button("Cancel", () => end()));
    form.addEventListener("keydown", (event) => event.key === "Escape" && end());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const reason = field.value.trim();
      if (reason) end(reason);
    });
    this.#box.append(form);
    field.focus();
  }
}
