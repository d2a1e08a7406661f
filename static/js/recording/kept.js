/* What was recorded and is not saved yet, kept on this device part by part: a reload, a closed tab, a flat phone lose no
   more than the last second. It belongs to one person and one portfolio, and to one tab at a time. */

/** @import { Medium } from "./words.js" */

const KEPT_FOR = 60 * 24 * 3_600_000; // milliseconds: sixty days
const FOR_EVER = new Promise(() => {});

/** @typedef {{ medium: Medium, type: string, bytes: ArrayBuffer }} Part */

/** The recordings of one owner. A recording is known by the moment at which it began. */
export class KeptRecordings {
  #database;
  #owner;

  /** @param {IDBDatabase} database @param {string} owner */
  constructor(database, owner) {
    this.#database = database;
    this.#owner = owner;
  }

  /**
   * Opens them, and forgets what is too old, whoever's it is. Rejects where the browser keeps nothing.
   * @param {string} owner
   * @param {number} now milliseconds
   */
  static async open(owner, now) {
    const opening = indexedDB.open("recordings", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("parts"); // by owner, beginning, number
    const kept = new KeptRecordings(await answered(opening), owner);
    const keys = /** @type {[string, number, number][]} */ (await answered(kept.#parts("readonly").getAllKeys()));
    for (const [whose, began] of keys) if (now - began > KEPT_FOR) kept.#forget(whose, began);
    return kept;
  }

  /**
   * Keeps the next part; rejects where the device has no room.
   * @param {number} began
   * @param {number} number
   * @param {Part} part
   */
  keep(began, number, part) {
    return answered(this.#parts("readwrite").put(part, [this.#owner, began, number]));
  }

  /** When each recording began, the latest first. @returns {Promise<number[]>} */
  async begun() {
    const own = IDBKeyRange.bound([this.#owner], [this.#owner, []]);
    const keys = /** @type {[string, number, number][]} */ (await answered(this.#parts("readonly").getAllKeys(own)));
    return [...new Set(keys.map(([, began]) => began))].reverse();
  }

  /** Gives what there is of a recording, in its order. @param {number} began @returns {Promise<Part[]>} */
  parts(began) {
    return answered(this.#parts("readonly").getAll(this.#of(this.#owner, began)));
  }

  /** Forgets a recording: it was saved, or thrown away. @param {number} began */
  forget(began) {
    this.#forget(this.#owner, began);
  }

  /**
   * Waits until no other tab has this recording; from then on this one has it, as long as it is open.
   * @param {number} began
   * @returns {Promise<void>}
   */
  own(began) {
    if (!navigator.locks) return Promise.resolve();
    return new Promise((mine, never) => {
      const take = () => {
        mine();
        return FOR_EVER;
      };
      navigator.locks.request(`recording ${this.#owner} ${began}`, take).catch(never);
    });
  }

  /** @param {string} owner @param {number} began */
  #forget(owner, began) {
    const parts = this.#parts("readwrite");
    parts.delete(this.#of(owner, began));
    parts.transaction.commit(); // also when the page is left this very moment
  }

  /** @param {string} owner @param {number} began */
  #of(owner, began) {
    return IDBKeyRange.bound([owner, began], [owner, began, []]);
  }

  /** @param {IDBTransactionMode} mode */
  #parts(mode) {
    return this.#database.transaction("parts", mode).objectStore("parts");
  }
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function answered(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
