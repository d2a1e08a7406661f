/* What can be undone on a page: groups of what was pressed together, the last first. */

/** @template T */
export class UndoHistory {
  /** @type {T[][]} */
  #groups = [];
  #button;

  /** @param {{ disabled: boolean } | null} button that undoes; none where nothing can be pressed */
  constructor(button) {
    this.#button = button;
  }

  /** @param {T[]} group */
  push(group) {
    this.#groups.push(group);
    this.#show();
  }

  pop() {
    const group = this.#groups.pop();
    this.#show();
    return group;
  }

  /**
   * Takes out what was not saved: that cannot be undone.
   * @param {(one: T) => boolean} isIt
   */
  forget(isIt) {
    this.#groups = this.#groups.map((group) => group.filter((one) => !isIt(one))).filter((group) => group.length);
    this.#show();
  }

  #show() {
    if (this.#button) this.#button.disabled = !this.#groups.length;
  }
}
