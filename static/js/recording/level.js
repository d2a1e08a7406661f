/* How loud it is just now. */

const HEARD = 0.01; // of full strength: less is an empty room

/**
 * Listens to a stream beside its recorder; null where the browser does not let us.
 * @param {MediaStream} stream
 */
export function levelOf(stream) {
  try {
    return new Level(stream);
  } catch {
    return null;
  }
}

class Level {
  #context = new AudioContext();
  #analyser = this.#context.createAnalyser();
  #heard = performance.now();
  #samples = new Float32Array(this.#analyser.fftSize);

  /** @param {MediaStream} stream */
  constructor(stream) {
    this.#context.createMediaStreamSource(stream).connect(this.#analyser);
    this.#context.resume().catch(() => {}); // then it says nothing
  }

  /** From 0 to 1. */
  now() {
    this.#analyser.getFloatTimeDomainData(this.#samples);
    const level = Math.min(1, Math.max(...this.#samples.map(Math.abs)));
    if (level > HEARD || this.#context.state !== "running") this.#heard = performance.now();
    return level;
  }

  /** For how many seconds nothing was heard. */
  get silence() {
    return (performance.now() - this.#heard) / 1000;
  }

  close() {
    this.#context.close();
  }
}
