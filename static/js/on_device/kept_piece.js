/* A piece of evidence that is not saved yet, as this device keeps it: what its form says, and its files. It is known by
   the key of its form, by which the server saves it once, however often it is sent. */

import { hasRoom, put, remove, under } from "./store.js";

/**
 * @typedef {object} Found
 * @property {string} key
 * @property {number} at when it was last changed, in milliseconds
 * @property {[string, string][]} fields names and values
 * @property {boolean} isSent whether the server may have saved it
 * @property {{ id: string, file: File }[]} files those that are not at the server
 * @property {{ id: string, name: string, kept: string }[]} arrived those that are, as the form calls them
 */

export class KeptPiece {
  #key;
  /** One after the other, so that the last word on a file is the last that is kept. @type {Promise<any>} */
  #order = Promise.resolve();

  /**
   * @param {string} person
   * @param {string} portfolio
   * @param {string} form the key of its form
   */
  constructor(person, portfolio, form) {
    this.#key = [person, portfolio, form];
  }

  /**
   * Finds what the person has for this portfolio, the latest first.
   * @param {string} person
   * @param {string} portfolio
   * @returns {Promise<Found[]>}
   */
  static async all(person, portfolio) {
    /** @type {Map<string, Found>} */
    const pieces = new Map();
    for (const { key, value } of await under([person, portfolio])) {
      const [form, id] = key.slice(2);
      const piece = pieces.get(form) ?? { key: form, at: 0, fields: [], isSent: false, files: [], arrived: [] };
      pieces.set(form, piece);
      piece.at = Math.max(piece.at, value.at);
      if (!id) Object.assign(piece, { fields: value.fields, isSent: value.isSent });
      else if (value.file) piece.files.push({ id, file: value.file });
      else piece.arrived.push({ id, name: value.name, kept: value.kept });
    }
    return [...pieces.values()].sort((one, other) => other.at - one.at);
  }

  /**
   * Keeps what the form says, instead of what it said.
   * @param {[string, string][]} fields
   * @param {boolean} isSent
   */
  keepForm(fields, isSent) {
    return this.#then(() => put([...this.#key, ""], { fields, isSent }));
  }

  /**
   * Keeps a copy of a file. Gives whether there was room for it.
   * @param {string} id
   * @param {File} file
   * @returns {Promise<boolean>}
   */
  keepFile(id, file) {
    return this.#then(async () => {
      if (!(await hasRoom(file.size))) return false;
      await put([...this.#key, id], { file });
      return true;
    });
  }

  /**
   * Keeps that a file is at the server, in the place of its copy.
   * @param {string} id
   * @param {string} name
   * @param {string} kept what the form calls it
   */
  keepArrived(id, name, kept) {
    return this.#then(() => put([...this.#key, id], { name, kept }));
  }

  /**
   * Forgets a file, or what the form says where no file is named.
   * @param {string} [id]
   */
  forgetFile(id = "") {
    return this.#then(() => remove([...this.#key, id]));
  }

  /** Forgets all of it: it was saved, or thrown away. */
  forget() {
    return this.#then(() => remove(this.#key));
  }

  /** @param {() => Promise<any>} act @returns {Promise<any>} false where the browser did not do it */
  #then(act) {
    this.#order = this.#order.then(act).catch(() => false);
    return this.#order;
  }
}

/**
 * Has a piece for this tab for as long as it is open. Gives false where another tab has it.
 * @param {string} key
 * @returns {Promise<boolean>}
 */
export function claim(key) {
  return new Promise((done) => {
    const has = (/** @type {Lock | null} */ lock) => {
      done(lock !== null);
      return lock && new Promise(() => {});
    };
    navigator.locks.request(`piece ${key}`, { ifAvailable: true }, has).catch(() => done(false));
  });
}

/** The keys of the pieces that some tab has. */
export async function claimed() {
  const { held = [] } = await navigator.locks.query();
  return new Set(held.map(({ name = "" }) => name.replace(/^piece /, "")));
}
