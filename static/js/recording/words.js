/* What is recorded: what it is called, as what a browser records it, and why it cannot be. It knows no page. */

/** @typedef {"sound" | "film" | "photo"} Medium */

const NAMES = { sound: "Recording", film: "Film", photo: "Photo" };
const DEVICES = { sound: "microphone", film: "camera or the microphone", photo: "camera" };
const OWN_APP = "You can still choose a file that you recorded with the phone's own app.";

/* Telephones and most computers have H.264 and AAC, which every player knows, and a part of the machine that makes them.
   The site makes a copy of WebM that every browser plays. */
const TYPES = {
  sound: ["audio/webm;codecs=opus", "audio/mp4;codecs=mp4a.40.2", "audio/mp4"],
  film: ["video/mp4;codecs=avc1.42E01F,mp4a.40.2", "video/webm;codecs=vp8,opus", "video/webm", "video/mp4"],
};
const ENDINGS = { "audio/webm": "webm", "audio/mp4": "m4a", "video/webm": "webm", "video/mp4": "mp4", "image/jpeg": "jpg" };

/**
 * As what the browser is to record; "" where it can record nothing that is taken.
 * @param {"sound" | "film"} medium
 * @param {(type: string) => boolean} isSupported
 */
export const typeFor = (medium, isSupported) => TYPES[medium].find(isSupported) ?? "";

/**
 * What the file is called: "Recording 30 November 2026 10.15.webm".
 * @param {Medium} medium
 * @param {string} type as the browser says it, codecs and all
 * @param {number} began milliseconds
 */
export function nameOf(medium, type, began) {
  const ending = ENDINGS[/** @type {keyof typeof ENDINGS} */ (type.split(";")[0])];
  return `${NAMES[medium]} ${momentInWords(began).replace(":", ".")}.${ending}`;
}

/**
 * Says when: "30 November 2026 10:15".
 * @param {number} moment milliseconds
 */
export function momentInWords(moment) {
  const at = new Date(moment);
  const day = at.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
  return `${day} ${at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })}`;
}

/**
 * Says how long, as players do: 0:07, 1:02:40.
 * @param {number} seconds
 */
export function lengthInWords(seconds) {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60];
  const digits = (/** @type {number} */ number) => `${number}`.padStart(2, "0");
  return hours ? `${hours}:${digits(minutes)}:${digits(rest)}` : `${minutes}:${digits(rest)}`;
}

/**
 * Says why a page like this can record nothing at all; "" where it can.
 * @param {{ isSecure: boolean, hasDevices: boolean }} browser
 */
export function whyNowhere({ isSecure, hasDevices }) {
  if (!isSecure) return `Recording in this page needs an address that begins with https://. ${OWN_APP}`;
  return hasDevices ? "" : `This browser gives no page the microphone or the camera. ${OWN_APP}`;
}

/**
 * Says why a recording did not begin, or broke off before there was anything of it.
 * @param {unknown} error what the browser said
 * @param {Medium} medium
 */
export function whyNot(error, medium) {
  const device = DEVICES[medium];
  switch (error instanceof Error ? error.name : "") {
    case "NotAllowedError":
    case "SecurityError":
      return `The ${device} is not allowed for this site. Allow it in the browser's settings for this site, then press again. ${OWN_APP}`;
    case "NotFoundError":
    case "OverconstrainedError":
      return `No ${device} was found on this device. ${OWN_APP}`;
    case "NotReadableError":
    case "AbortError":
      return `The ${device} did not answer: another program may be using it. Close that, then press again. ${OWN_APP}`;
    case "NotSupportedError":
      return `This browser cannot record ${medium === "film" ? "films" : "sound"}. ${OWN_APP}`;
    default:
      return `The ${device} could not be started. Press again. ${OWN_APP}`;
  }
}
