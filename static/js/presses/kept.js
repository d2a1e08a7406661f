/* Keeps unsent presses in the browser, so that a page that is closed in the middle loses none. */

/** @import { Press } from "./unsent.js" */

export class KeptPresses {
  #storage;
  #ofUnit;
  #ofPage;
  /** Whether the browser keeps anything: it may be told not to, or have no room. */
  works = true;

  /**
   * @param {() => Storage} storage asked for each time: a browser may refuse it at any moment
   * @param {string} ofUnit how the names of what one person's pages of one unit keep begin
   * @param {string} page what tells this page from the others of the same unit that may be open
   */
  constructor(storage, ofUnit, page) {
    this.#storage = storage;
    this.#ofUnit = ofUnit;
    this.#ofPage = ofUnit + page;
  }

  /**
   * Keeps these, in the place of what this page kept before.
   * @param {Press[]} presses
   */
  keep(presses) {
    try {
      if (presses.length) this.#storage().setItem(this.#ofPage, JSON.stringify(presses));
      else this.#storage().removeItem(this.#ofPage);
      this.works = true;
    } catch {
      this.works = false;
    }
  }

  /**
   * Takes from earlier pages what they have left.
   * @returns {Press[]}
   */
  takeOver() {
    const presses = [];
    for (const name of this.#names()) {
      try {
        presses.push(...JSON.parse(this.#storage().getItem(name) ?? "[]"));
      } catch {
        // not written by us
      }
      this.#storage().removeItem(name);
    }
    return presses;
  }

  #names() {
    try {
      return Object.keys(this.#storage()).filter((name) => name.startsWith(this.#ofUnit));
    } catch {
      return []; // a browser that keeps nothing
    }
  }

  /** Whether a later page has taken over what this one kept. */
  isTakenOver() {
    if (!this.works) return false;
    try {
      return this.#storage().getItem(this.#ofPage) === null;
    } catch {
      return false; // a browser that keeps nothing any more
    }
  }
}
