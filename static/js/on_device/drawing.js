/* The lines of a name that is drawn, as the path of an SVG picture of 600 by 200: what the site takes, and no more. */

const [WIDTH, HEIGHT] = [600, 200];
const AT_MOST = 12_000; // characters, as `LINES_AT_MOST` of the site
const STEP = 3; // units between two points of a line, which is finer than anybody sees

export class Drawing {
  path = "";
  #last = [0, 0];

  /** Begins a line, which is a dot until it goes on. @param {number} x @param {number} y */
  begin(x, y) {
    const at = within(x, y);
    this.#add(`M${at.join(" ")}L${at.join(" ")}`, at);
  }

  /** Goes on with the line. @param {number} x @param {number} y */
  goOn(x, y) {
    const at = within(x, y);
    const isNear = Math.hypot(at[0] - this.#last[0], at[1] - this.#last[1]) < STEP;
    if (this.path && !isNear) this.#add(`L${at.join(" ")}`, at);
  }

  clear() {
    this.path = "";
  }

  /** @param {string} words @param {number[]} at */
  #add(words, at) {
    if (this.path.length + words.length > AT_MOST) return;
    this.path += words;
    this.#last = at;
  }
}

/** @param {number} x @param {number} y */
const within = (x, y) => [Math.round(Math.min(Math.max(x, 0), WIDTH - 1)), Math.round(Math.min(Math.max(y, 0), HEIGHT - 1))];
