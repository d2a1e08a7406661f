/* Sends one file in pieces (https://tus.io), and goes on where it was: after a tunnel by itself, after a closed tab from
   the copy on this device, or when the same file is chosen again. */

import "../../tus/tus.min.js";
import { freshen } from "../token.js";

const { Upload } = /** @type {any} */ (globalThis).tus;
const PIECE = 8 * 1024 * 1024; // bytes
const GO_LATER = [401, 403, 404, 429, 507]; // signed out, an old page, too many at once, a full disk
const TRIED_AGAIN_AFTER = [0, 1_000, 3_000, 5_000]; // milliseconds

/**
 * @typedef {object} Told What becomes of the file.
 * @property {(sent: number) => void} onProgress so many bytes have gone
 * @property {(kept: string) => void} onKept it is here; what the form calls it
 * @property {(sentence: string, mayGoLater: boolean) => void} onRefused it is not taken, and why
 * @property {() => void} onAway there is no connection; what has gone is kept
 */

/** @typedef {Error & { originalResponse?: { getStatus(): number, getBody(): string } | null }} Failure */

/**
 * Prepares to send the file; nothing goes before `start`.
 * @param {File} file
 * @param {{ address: string, person: string, token: HTMLInputElement, isOld: boolean }} site whoever signs in next goes on
 *   with nothing of theirs; `isOld` where the page comes from this device, and its token with it
 * @param {Told} told
 */
export function sending(file, { address, person, token, isOld }, told) {
  const upload = new Upload(file, {
    endpoint: address,
    chunkSize: PIECE,
    retryDelays: TRIED_AGAIN_AFTER,
    onBeforeRequest: (/** @type {any} */ request) => request.setHeader("X-CSRFToken", token.value),
    metadata: { filename: file.name },
    removeFingerprintOnSuccess: true,
    fingerprint: async () => ["arriving", person, address, file.name, file.size, file.lastModified].join(" "),
    onShouldRetry: (/** @type {Failure} */ error) => mayPass(statusOf(error)),
    onProgress: told.onProgress,
    onSuccess: (/** @type {any} */ { lastResponse }) => told.onKept(lastResponse.getHeader("Kept") ?? ""),
    onError: (/** @type {Failure} */ error) => {
      const status = statusOf(error);
      if (mayPass(status)) told.onAway();
      else {
        isOld = true;
        told.onRefused(whyNot(status, bodyOf(error)), GO_LATER.includes(status));
      }
    },
  });
  return {
    /** Begins, or goes on where it was. */
    async start() {
      if (isOld) {
        const isOurs = await freshen(token, person).catch(() => null);
        if (isOurs === null) return told.onAway();
        if (!isOurs) return told.onRefused(whyNot(401, ""), true);
        isOld = false;
      }
      const [before] = upload.url ? [] : await upload.findPreviousUploads();
      if (before) upload.resumeFromPreviousUpload(before);
      upload.start();
    },
    /** Sends no more for now. */
    pause: () => upload.abort(),
    /** Sends no more, and has the server forget what has gone. */
    cancel: () => upload.abort(true).catch(() => {}), // else it is forgotten in a week
  };
}

/** @param {Failure} error */
const statusOf = (error) => error.originalResponse?.getStatus() ?? 0;

/** @param {Failure} error */
const bodyOf = (error) => error.originalResponse?.getBody() ?? "";

/**
 * Whether it may work a little later: no connection, a server that starts, another tab that sends the same file.
 * @param {number} status
 */
export function mayPass(status) {
  return status === 0 || status === 409 || status === 423 || (status >= 500 && status !== 507);
}

/**
 * Says why a file is not taken. What the server says of a file is a plain sentence; other answers are pages.
 * @param {number} status
 * @param {string} body
 */
export function whyNot(status, body) {
  if (status === 401) return "You were signed out. Sign in again in another tab, then press “Try again”.";
  if (status === 403 || status === 404)
    return "It could not be sent. Open this page again, choose the same file, and it goes on where it was.";
  return body && !body.startsWith("<") ? body : "It could not be sent. Try again a little later.";
}
