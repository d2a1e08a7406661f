/* How much of a file has gone, and how long the rest takes. */

const UNITS = ["bytes", "KB", "MB", "GB"];
const LOOKS_BACK = 8_000; // milliseconds: the pace of just now, not of the whole way

/**
 * Says sizes as pages do: 3.4 MB, 820.3 KB.
 * @param {number} bytes
 */
export function sizeInWords(bytes) {
  const place = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(bytes, 1)) / 10));
  if (place === 0) return plural(bytes, "byte");
  return `${(bytes / 1024 ** place).toFixed(1)}\u00a0${UNITS[place]}`;
}

/**
 * Says what is left: 12 seconds, 3 minutes.
 * @param {number} seconds
 */
export function timeInWords(seconds) {
  if (seconds < 60) return plural(Math.max(1, Math.ceil(seconds)), "second");
  if (seconds < 3600) return plural(Math.round(seconds / 60), "minute");
  return plural(Math.round(seconds / 3600), "hour");
}

/** @param {number} count @param {string} word */
const plural = (count, word) => `${count}\u00a0${word}${count === 1 ? "" : "s"}`;

/** Measures how fast a file goes. */
export class Pace {
  /** @type {{ at: number, sent: number }[]} */
  #seen = [];

  /**
   * Notes how many bytes have gone by now; moments are in milliseconds.
   * @param {number} sent
   * @param {number} at
   */
  note(sent, at) {
    this.#seen = [...this.#seen.filter((one) => at - one.at <= LOOKS_BACK), { at, sent }];
  }

  /**
   * How many seconds the rest takes; null while nobody can tell.
   * @param {number} total bytes
   */
  left(total) {
    const first = this.#seen[0];
    const last = this.#seen.at(-1);
    if (!first || !last || last.at - first.at < 500 || last.sent <= first.sent) return null;
    return ((total - last.sent) * (last.at - first.at)) / (last.sent - first.sent) / 1000;
  }
}
