/* What is being written, kept on this device: each letter, until it is saved. It belongs to the person who writes, and
   to this page; each tab keeps its own, so that two of them do not overwrite each other. */

const BEATS_EVERY = 2_000; // milliseconds: a tab that is open says so
const IS_GONE_AFTER = 3 * BEATS_EVERY;
const KEPT_FOR = 60 * 24 * 3_600_000; // sixty days

/** @typedef {{ text: string, at: number, alive: number }} Draft */

/** The drafts of one person for one page. */
export class Drafts {
  #storage;
  #prefix;
  #own;

  /**
   * @param {Storage} storage
   * @param {string} person
   * @param {string} page
   * @param {string} tab
   */
  constructor(storage, person, page, tab) {
    this.#storage = storage;
    this.#prefix = `draft ${person} ${page} `;
    this.#own = this.#prefix + tab;
  }

  /**
   * Keeps what is written; nothing is kept of what is empty.
   * @param {string} text
   * @param {number} now
   */
  keep(text, now) {
    if (text) this.#storage.setItem(this.#own, JSON.stringify({ text, at: now, alive: now }));
    else this.#storage.removeItem(this.#own);
  }

  /**
   * Says that this tab is open.
   * @param {number} now
   */
  beat(now) {
    const own = this.#read(this.#own);
    if (own) this.#storage.setItem(this.#own, JSON.stringify({ ...own, alive: now }));
  }

  /** Forgets what this tab has kept: it was sent. */
  forget() {
    this.#storage.removeItem(this.#own);
  }

  /**
   * Takes over the newest draft of a tab that is closed; null if there is none.
   * @param {number} now
   * @returns {Draft | null}
   */
  takeOver(now) {
    const found = Object.keys(this.#storage)
      .filter((key) => key.startsWith(this.#prefix) && key !== this.#own)
      .map((key) => ({ key, draft: this.#read(key) }));
    const isOld = (/** @type {Draft | null} */ draft) => !draft || now - draft.at > KEPT_FOR;
    for (const { key } of found.filter(({ draft }) => isOld(draft))) this.#storage.removeItem(key);
    const closed = found
      .flatMap(({ key, draft }) => (draft && !isOld(draft) && now - draft.alive > IS_GONE_AFTER ? [{ key, draft }] : []))
      .sort((one, other) => other.draft.at - one.draft.at)[0];
    if (!closed) return null;
    this.#storage.removeItem(closed.key);
    this.keep(closed.draft.text, now);
    return closed.draft;
  }

  /**
   * @param {string} key
   * @returns {Draft | null}
   */
  #read(key) {
    try {
      return JSON.parse(this.#storage.getItem(key) ?? "null");
    } catch {
      return null;
    }
  }
}

export { BEATS_EVERY };
