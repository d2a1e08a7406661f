/* Whether there is a connection: a browser tells when one begins, and not always. */

const TRIED_AFTER = 15_000; // milliseconds

/**
 * Calls once, when there may be a connection again. Gives what calls it off.
 * @param {() => void} again
 */
export function whenBack(again) {
  const stop = () => {
    removeEventListener("online", now);
    clearTimeout(timer);
  };
  const now = () => {
    stop();
    again();
  };
  const timer = setTimeout(now, TRIED_AFTER);
  addEventListener("online", now);
  return stop;
}
