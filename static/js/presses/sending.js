/* Sends presses, one request after the other, and loses none.

   What was pressed is kept in the browser until the server has it: while there is no connection, while the person is
   signed out, when the page is closed in the middle. What the server refuses is given back with its sentence. */

import { UnsentPresses } from "./unsent.js";

/** @import { KeptPresses } from "./kept.js" */
/** @import { Press, Result } from "./unsent.js" */

/** @typedef {{ cells?: Result[], saved_at?: string, error?: string }} Body */
/** @typedef {{ status: number, body?: Body | null }} Answer */

/**
 * What is done on the page. `settled` shows how a cell stands after an answer, and returns whether it said there why
 * something was refused. `named` is a press in words, nothing where it is of another page.
 * @typedef {object} PressPage
 * @property {(press: Press, result: Result) => boolean} settled
 * @property {(press: Press) => void} givenBack
 * @property {(words: string) => void} says
 * @property {(press: Press) => string} named
 */

/**
 * Says over the page what is not saved.
 * @typedef {object} PressNotice
 * @property {(words: string, may: { isSignedOut: boolean, send: () => void, drop: () => void }) => void} unsent
 * @property {(sentences: string[]) => void} tell
 * @property {() => void} hide
 */

export const RETRY = [2, 5, 15, 30, 60]; // seconds
const PASSING = [408, 429]; // an answer of the client's fault that another try may not get

export class PressSending {
  #unsent = new UnsentPresses();
  #isSending = false;
  #failures = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #kept;
  #post;
  #page;
  #notice;

  /** @param {{ kept: KeptPresses, post: (presses: Press[]) => Promise<Answer>, page: PressPage, notice: PressNotice }} _ */
  constructor({ kept, post, page, notice }) {
    this.#kept = kept;
    this.#post = post;
    this.#page = page;
    this.#notice = notice;
  }

  /** Whether something would be lost with the page. */
  get isAtRisk() {
    return this.#unsent.size > 0 && !this.#kept.works;
  }

  /** @param {Press} press */
  add(press) {
    this.handOver();
    this.#unsent.add(press);
    this.#keep();
  }

  /** Takes over what earlier pages have left, and returns it. */
  takeOver() {
    const presses = this.#kept.takeOver();
    this.#unsent.takeOver(presses);
    if (presses.length) this.#keep();
    return this.#unsent.all();
  }

  /** Leaves to a later page what that one has taken over: sent from both, it might undo what was done there since. */
  handOver() {
    if (!this.#unsent.size || !this.#kept.isTakenOver()) return;
    this.giveBackAll("Another page of yours has taken over what was marked here. Load this page again to see how it stands.", false);
  }

  async send() {
    this.handOver();
    if (this.#isSending || !this.#unsent.size) return;
    clearTimeout(this.#timer);
    const sent = this.#unsent.next();
    this.#isSending = true;
    const answer = await this.#post(sent).catch(() => null); // no connection, or no answer in time
    this.#isSending = false;
    if (!answer) this.#failed("There is no connection.");
    else if (answer.body?.cells) this.#received(sent, answer.body.cells, answer.body.saved_at);
    else if (answer.status === 401)
      this.#blocked(answer.body?.error ?? "You had been signed out.", "Sign in again, and what is marked here is sent.", true);
    else if (answer.status >= 400 && answer.status < 500 && !PASSING.includes(answer.status))
      this.giveBackAll(answer.body?.error ?? "This unit is not open to you any more.");
    else this.#failed("The server could not save just now.");
  }

  /**
   * Shows again how it stood, and says what was wanted and is not saved.
   * @param {string} why
   * @param {boolean} [isLost] not where another page has it
   */
  giveBackAll(why, isLost = true) {
    if (!this.#unsent.size) return;
    const presses = this.#unsent.clear();
    const what = presses.map((press) => this.#page.named(press)).filter(Boolean).join("; ");
    for (const press of presses) this.#page.givenBack(press);
    this.#keep();
    this.#page.says("");
    this.#notice.tell([why, `${isLost ? "Not saved" : "Marked here"}: ${what || "what was kept from another page"}.`]);
  }

  #keep() {
    this.#kept.keep(this.#unsent.all());
  }

  /**
   * @param {Press[]} sent
   * @param {Result[]} results
   * @param {string} [savedAt]
   */
  #received(sent, results, savedAt) {
    this.#failures = 0;
    const refused = new Set();
    const lost = new Set();
    for (const { press, result, reasons } of this.#unsent.answered(sent, results)) {
      const isTold = this.#page.settled(press, result);
      if (result.refused && !isTold) refused.add(result.refused);
      for (const one of reasons) lost.add(this.#page.named(one) || one.reason);
    }
    if (lost.size) refused.add(`Not saved: ${[...lost].join("; ")}.`);
    this.#keep();
    this.#page.says(results.some((result) => !result.refused) ? `Saved at ${savedAt}` : "");
    if (refused.size) this.#notice.tell([...refused]);
    else if (!this.#unsent.size) this.#notice.hide();
    this.send();
  }

  /** @param {string} what */
  #failed(what) {
    const seconds = RETRY[Math.min(this.#failures, RETRY.length - 1)];
    this.#failures += 1;
    this.#blocked(what, "It is kept in this browser, and sent as soon as that is possible.", false);
    this.#timer = setTimeout(() => this.send(), seconds * 1000);
  }

  /**
   * @param {string} what
   * @param {string} then
   * @param {boolean} isSignedOut
   */
  #blocked(what, then, isSignedOut) {
    const { size } = this.#unsent;
    this.#page.says("Not saved yet");
    const many = size === 1 ? "One change is not saved yet." : `${size} changes are not saved yet.`;
    const kept = this.#kept.works ? then : "This browser keeps nothing: leave the page open until it is saved.";
    this.#notice.unsent(`${what} ${many} ${kept}`, {
      isSignedOut,
      send: () => this.send(),
      drop: () => this.giveBackAll("You did not want it sent."),
    });
  }
}
