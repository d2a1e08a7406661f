/* One recording while it runs: of a stream of the microphone or the camera, in parts of a second. It knows no page. */

const PART = 1_000; // milliseconds
const BITS_A_SECOND = { audioBitsPerSecond: 96_000, videoBitsPerSecond: 2_000_000 };

/* A film has 720 lines at most, whichever way the phone is held. A photo is as fine as the camera gives it to a page. */
const rear = { facingMode: "environment" };
export const ASKED_FOR = {
  sound: { audio: true },
  film: {
    audio: true,
    video: { ...rear, width: { ideal: 1280, max: 1280 }, height: { ideal: 720, max: 1280 }, frameRate: { max: 30 } },
  },
  photo: { video: { ...rear, width: { ideal: 2560 }, height: { ideal: 1440 } } },
};

/**
 * @typedef {object} Told What becomes of it.
 * @property {(part: Blob, number: number) => void} onPart
 * @property {(why: "" | "ended" | "full") => void} onStopped by the person, by the device, at the limit
 * @property {() => void} onSilenced something else, a call, has taken the device for now; it pauses
 */

/** Records from the moment it is made. Throws NotSupportedError where the browser cannot. */
export class Capture {
  /** @type {Blob[]} */
  parts = [];
  size = 0;
  #recorder;
  #limit;
  #largest = 0;
  #before = 0; // milliseconds, until the last pause
  /** @type {number | null} */
  #since = performance.now();
  /** @type {"" | "ended" | "full"} */
  #why = "ended"; // where nobody here has stopped it

  /**
   * @param {MediaStream} stream
   * @param {string} mimeType
   * @param {number} limit bytes
   * @param {Told} told
   */
  constructor(stream, mimeType, limit, told) {
    this.#limit = limit;
    this.#recorder = new MediaRecorder(stream, { mimeType, ...BITS_A_SECOND });
    this.#recorder.ondataavailable = ({ data }) => this.#take(data, told);
    this.#recorder.onerror = () => this.#end("ended");
    this.#recorder.onstop = () => {
      this.#count();
      told.onStopped(this.#why);
    };
    for (const track of stream.getTracks()) {
      track.onended = () => this.#end("ended");
      track.onmute = () => {
        if (!this.isRunning) return;
        this.pause();
        told.onSilenced();
      };
    }
    this.#recorder.start(PART);
  }

  /** As what the browser records it. */
  get type() {
    return this.#recorder.mimeType;
  }

  get isRunning() {
    return this.#recorder.state === "recording";
  }

  /** How much is recorded, pauses apart. */
  get seconds() {
    return (this.#before + (this.#since === null ? 0 : performance.now() - this.#since)) / 1000;
  }

  pause() {
    this.#count();
    this.#recorder.pause();
    this.#recorder.requestData(); // a long pause may end with a flat phone
  }

  goOn() {
    this.#since = performance.now();
    this.#recorder.resume();
  }

  /** Ends it; `onStopped` is called when all of it is there. */
  stop() {
    this.#end("");
  }

  /** @param {"" | "ended" | "full"} why */
  #end(why) {
    if (this.#recorder.state === "inactive") return;
    this.#why = why;
    this.#recorder.stop();
  }

  #count() {
    this.#before = this.seconds * 1000;
    this.#since = null;
  }

  /** @param {Blob} part @param {Told} told */
  #take(part, told) {
    if (!part.size) return;
    told.onPart(part, this.parts.push(part) - 1);
    this.size += part.size;
    this.#largest = Math.max(this.#largest, part.size);
    // What is on its way already still comes, when it is stopped as well.
    if (this.size + 3 * this.#largest >= this.#limit) this.#end("full");
  }
}
