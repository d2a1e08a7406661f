/* The line of one file that is sent: its name, a bar, what is left, and what can be done about it. */

import { whenBack } from "../connection.js";
import { button, element } from "../dom.js";
import { Pace, sizeInWords, timeInWords } from "./pace.js";
import { sending } from "./sending.js";

/** One file on its way. Its `line` goes into the page; `onChange` is called whenever `state` is another. */
export class FileLine {
  /** @type {"waits" | "goes" | "paused" | "away" | "stopped" | "refused" | "here"} */
  state = "waits";
  kept = "";
  /** Whether this device has a copy of it; null where nobody has asked for one. @type {boolean | null} */
  isCopied = null;
  line = element("li");
  #said = element("span", { className: "quiet" });
  #bar = element("progress", { max: 1, value: 0 });
  #buttons = element("span", { className: "arriving-buttons" });
  #pace = new Pace();
  #onChange;
  #sending;

  /**
   * @param {File} file
   * @param {{ address: string, person: string, token: HTMLInputElement, isOld: boolean, limit: number, limitInWords: string }} site
   * @param {(line: FileLine) => void} onChange
   */
  constructor(file, site, onChange) {
    this.file = file;
    this.#onChange = onChange;
    this.#bar.setAttribute("aria-label", `How much of ${file.name} has gone`);
    this.line.append(element("bdi", { textContent: file.name }), this.#bar, this.#said, this.#buttons);
    this.#sending = sending(file, site, {
      onProgress: (sent) => this.#progress(sent),
      onKept: (kept) => this.#keep(kept),
      onRefused: (sentence, mayGoLater) => this.#show(mayGoLater ? "stopped" : "refused", sentence),
      onAway: () => this.#wait(),
    });
    this.#show("waits", sizeInWords(file.size));
    if (file.size === 0) this.#show("refused", "It is empty. Open it to see whether it was saved, then choose it again.");
    if (file.size > site.limit)
      this.#show("refused", `It has ${sizeInWords(file.size)}, and a file may have ${site.limitInWords} at most.`);
  }

  /** Sends it, or goes on. */
  start() {
    this.#pace = new Pace();
    this.#show("goes", this.#bar.value ? "Going on …" : sizeInWords(this.file.size));
    this.#sending.start();
  }

  /** @param {number} sent */
  #progress(sent) {
    if (this.state !== "goes") return;
    this.#pace.note(sent, performance.now());
    const left = this.#pace.left(this.file.size);
    this.#bar.value = sent / this.file.size;
    this.#said.textContent =
      sent === this.file.size
        ? "Looking at it …"
        : `${sizeInWords(sent)} of ${sizeInWords(this.file.size)}${left === null ? "" : `, ${timeInWords(left)} left`}`;
  }

  /** @param {string} kept */
  #keep(kept) {
    this.kept = kept;
    this.#bar.remove();
    this.#show("here", `${sizeInWords(this.file.size)}, is here`);
  }

  #wait() {
    if (this.state !== "goes") return;
    const copy = { true: "It is kept on this device. ", false: "This device has no room for a copy: leave this page open. ", null: "" };
    this.#show("away", `No connection. ${copy[`${this.isCopied}`]}It goes on by itself, where it was.`);
    whenBack(() => {
      if (this.state === "away") this.start();
    });
  }

  #pause() {
    this.#sending.pause();
    this.#show("paused", `Paused at ${Math.round(this.#bar.value * 100)}%`);
  }

  /** Takes it away: it is not wanted any more. */
  remove() {
    if (!this.kept) this.#sending.cancel();
    this.kept = "";
    this.line.remove();
    this.#show("refused", "");
  }

  /**
   * @param {FileLine["state"]} state
   * @param {string} said
   */
  #show(state, said) {
    this.state = state;
    this.line.className = state;
    this.#said.textContent = said;
    const about = { waits: [], goes: ["Pause"], paused: ["Go on"], away: ["Try again"], stopped: ["Try again"], refused: [], here: [] };
    this.#buttons.replaceChildren(
      ...about[state].map((words) => this.#button(words, () => (words === "Pause" ? this.#pause() : this.start()))),
      this.#button(state === "here" ? "Remove" : "Cancel", () => this.remove()),
    );
    this.#onChange(this);
  }

  /** @param {string} words @param {() => void} press */
  #button(words, press) {
    const made = button(words, press);
    made.append(element("span", { className: "visually-hidden", textContent: ` ${this.file.name}` }));
    return made;
  }
}
