/* The records of an assessor that wait on this device, and how they get to the site: each as a draft, which counts for
   nothing until it is signed there. A record has a key of its own, by which the site keeps it once, however often it is
   sent. */

import { KeptPiece } from "./kept_piece.js";

/** @import { Found } from "./kept_piece.js" */
/** @import { Fields } from "./fields.js" */

/**
 * What becomes of what the device keeps: some of it the site has saved; the others wait, unless a tab is at them.
 * @param {Found[]} all
 * @param {string[]} saved the keys that the site has saved
 * @param {Set<string>} inTabs
 */
export function sorted(all, saved, inTabs) {
  const isSaved = (/** @type {Found} */ { key, isSent }) => isSent && saved.includes(key);
  return { saved: all.filter(isSaved), waiting: all.filter((one) => !isSaved(one) && !inTabs.has(one.key)) };
}

/**
 * The part of the address that asks for the page of a record like this one.
 * @param {Fields} fields
 */
export function askedBy(fields) {
  const asked = fields.filter(([name]) => name === "kind" || name === "unit");
  return `?${new URLSearchParams(asked)}`;
}

/**
 * Of whom a record is, in words.
 * @param {Fields} fields
 */
export const aboutOf = (fields) => Object.fromEntries(fields).about_on_device ?? "A record";

export class KeptRecords {
  #person;
  #shelf;
  #address;

  /** @param {DOMStringMap} from whose they are, in which centre, and where they are sent */
  constructor({ person = "", centre = "", send = "", nowhere = "" }) {
    this.#person = person;
    this.#shelf = `records ${centre}`;
    this.#address = (/** @type {string} */ key) => send.replace(nowhere, key);
  }

  all() {
    return KeptPiece.all(this.#person, this.#shelf);
  }

  /** @param {string} key */
  piece(key) {
    return new KeptPiece(this.#person, this.#shelf, key);
  }

  /**
   * Sends a record. Gives where its draft is, or the status of a site that did not take it. Rejects without a connection.
   * @param {{ key: string, fields: Fields }} found
   * @param {string} token
   * @returns {Promise<string | number>}
   */
  async send({ key, fields }, token) {
    const piece = this.piece(key);
    await piece.keepForm(fields, true);
    const body = new URLSearchParams([...fields, ["csrfmiddlewaretoken", token]]);
    const response = await fetch(this.#address(key), { method: "POST", body, redirect: "manual" });
    if (!response.ok) {
      await piece.keepForm(fields, false);
      return response.status;
    }
    const { address } = await response.json();
    await piece.forget();
    return address;
  }
}
