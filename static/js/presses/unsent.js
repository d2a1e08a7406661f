/* The presses that the server does not have yet: what is sent next, and what its answers leave. No page, no network. */

/**
 * One press: a claim, a judgement, or one of them taken back. It travels, and is kept in the browser, as it is here.
 * @typedef {object} Press
 * @property {string} e the piece of evidence, by its uuid
 * @property {string} c the criterion, by its anchor
 * @property {string} to what is wanted: claimed, met, partly, not_yet; "waiting" takes a judgement back, "empty" a claim
 * @property {string} reason
 * @property {string} seen the stamp of what the page showed
 * @property {string} was how it stood on the page
 * @property {Press} [first] the claim that has to be made before this can judge it
 */

/**
 * The server's answer to one press. `status` and `stamp` are how the cell stands now; `refused` says why it was not saved.
 * @typedef {{ status: string, stamp: string, refused?: string }} Result
 */

/** @typedef {{ press: Press, result: Result, reasons: Press[] }} Outcome  `reasons`: presses whose reason is lost */

const AT_ONCE = 400; // in one request

/** @param {Press} press */
const cellOf = ({ e, c }) => `${e}|${c}`;

export class UnsentPresses {
  /** @type {Map<string, Press>} */
  #byCell = new Map();

  get size() {
    return this.#byCell.size;
  }

  all() {
    return [...this.#byCell.values()];
  }

  /**
   * Adds what was pressed: in its cell it takes the place of what was not sent yet.
   * @param {Press} press
   */
  add(press) {
    const before = this.#byCell.get(cellOf(press));
    if (before) {
      [press.seen, press.was] = [before.seen, before.was];
      const claim = before.first ?? (before.to === "claimed" ? before : null);
      if (claim && !["claimed", "empty"].includes(press.to)) press.first = claim;
    }
    this.#byCell.set(cellOf(press), press);
  }

  /**
   * Takes in what an earlier page has left, as it left it.
   * @param {Press[]} presses
   */
  takeOver(presses) {
    for (const press of presses) this.#byCell.set(cellOf(press), press);
  }

  /** What the next request sends: a judgement waits for its claim. */
  next() {
    return this.all()
      .slice(0, AT_ONCE)
      .map((press) => press.first ?? press);
  }

  /**
   * Takes out what was answered, and returns what the page is to show. What was pressed again meanwhile stays, and is
   * sent on top of the answer.
   * @param {Press[]} sent
   * @param {Result[]} results in the order of `sent`
   * @returns {Outcome[]}
   */
  answered(sent, results) {
    const outcomes = [];
    for (const [place, result] of results.entries()) {
      const press = sent[place];
      const newer = this.#byCell.get(cellOf(press));
      if (newer && newer !== press && !result.refused) {
        [newer.seen, newer.was] = [result.stamp, result.status];
        if (newer.first === press) delete newer.first;
        continue;
      }
      // What was pressed on top of what is refused goes with it: the person has not seen yet how the cell stands.
      this.#byCell.delete(cellOf(press));
      const both = newer && newer !== press ? [press, newer] : [press];
      outcomes.push({ press, result, reasons: result.refused ? both.filter(({ reason }) => reason) : [] });
    }
    return outcomes;
  }

  /** Takes all of them out. */
  clear() {
    const presses = this.all();
    this.#byCell.clear();
    return presses;
  }
}
