/* Records sound, a film or a photo in the page. What was recorded goes the way of a chosen file. Until it is saved it is
   kept on this device, and offered again whatever happened to the page. Without this script nothing of it shows. */

import { OF_A_RECORDING } from "../arriving/form.js";
import { sizeInWords } from "../arriving/pace.js";
import { button, element, find } from "../dom.js";
import { ASKED_FOR, Capture } from "./capture.js";
import { KeptRecordings } from "./kept.js";
import { levelOf } from "./level.js";
import { lengthInWords, momentInWords, nameOf, typeFor, whyNot, whyNowhere } from "./words.js";
/** @import { Medium } from "./words.js" */

/** @typedef {{ medium: Medium, type: string, began: number, blob: Blob }} Recorded */

const LOOKS_EVERY = 200; // milliseconds
const SETTLES_IN = 400; // milliseconds: the second tap of two on "Stop" is no answer to what stands there then
const SILENT_AFTER = 5; // seconds
const RUNS = "It records.";
const SILENT = "Nothing is heard. Is the microphone off or covered?";

const input = find("input[data-arriving]", HTMLInputElement);
const form = /** @type {HTMLFormElement} */ (input.form);
const { arriving: address = "", person = "", limit = "0", limitInWords = "" } = input.dataset;
const place = find(".record-here", HTMLElement, form);
const choices = element("div", { className: "recording-buttons" });
const said = element("p", { className: "recording-said" });
const stage = element("div", { className: "recording-stage", tabIndex: -1 });
/** @type {KeptRecordings | null} */
let kept = null;
/** @type {Recorded[]} */
const offered = []; // of earlier visits, one after the other
/** @type {number[]} */
const used = []; // when each that is among the files began
let settling = 0;
let isOpen = false; // something was recorded that is neither used nor thrown away

/**
 * Shows one thing at a time: the buttons to begin with, or the stage.
 * @param {string} sentence
 * @param {...Node} shown
 */
function show(sentence, ...shown) {
  const hadFocus = place.contains(document.activeElement);
  say(sentence);
  stage.replaceChildren(...shown);
  choices.hidden = shown.length > 0;
  stage.hidden = !choices.hidden;
  place.classList.add("recording-settles");
  clearTimeout(settling);
  settling = setTimeout(() => place.classList.remove("recording-settles"), SETTLES_IN);
  if (hadFocus) (shown.length ? stage : choices.querySelector("button"))?.focus();
}

/** Says it once, however often it is so. @param {string} sentence */
function say(sentence) {
  if (said.textContent !== sentence) said.textContent = sentence;
}

/** @param {string} [sentence] */
function end(sentence = "") {
  isOpen = false;
  show(sentence);
  const next = offered.shift();
  if (!next) return;
  const words = `A recording of ${momentInWords(next.began)} was not saved. Use what is there, or throw it away.`;
  review(next, words, player(next), button("Later", () => end()));
  isOpen = false; // it stays on the device, whatever is saved meanwhile
}

/** @param {MediaStream} stream */
const release = (stream) => stream.getTracks().forEach((track) => track.stop());

/** @param {Medium} medium */
async function begin(medium) {
  const type = medium === "photo" ? "image/jpeg" : typeFor(medium, (one) => globalThis.MediaRecorder?.isTypeSupported(one));
  if (!type) return end(whyNot(new DOMException("", "NotSupportedError"), medium));
  show("Your browser may ask first whether this site is allowed to.", element("span"));
  try {
    await opening;
    const stream = await navigator.mediaDevices.getUserMedia(ASKED_FOR[medium]);
    if (medium === "sound") record(stream, medium, type);
    else aim(stream, medium, type);
  } catch (error) {
    end(whyNot(error, medium));
  }
  return undefined;
}

/**
 * Shows what the camera sees.
 * @param {MediaStream} stream
 */
function picture(stream) {
  const video = element("video", { muted: true, autoplay: true, playsInline: true, srcObject: stream });
  video.setAttribute("aria-label", "What the camera sees");
  return video;
}

/**
 * @param {MediaStream} stream
 * @param {"film" | "photo"} medium
 * @param {string} type
 */
function aim(stream, medium, type) {
  const video = picture(stream);
  const go = () => (medium === "film" ? record(stream, medium, type) : shoot(stream, video));
  const cancel = () => {
    release(stream);
    end();
  };
  const goes = button(medium === "film" ? "Start filming" : "Take the photo", go, "btn-primary");
  goes.disabled = true; // until there is something to see
  video.onloadeddata = () => (goes.disabled = false);
  show("", video, row(goes, button("Cancel", cancel)));
}

/**
 * @param {MediaStream} stream
 * @param {HTMLVideoElement} video
 */
async function shoot(stream, video) {
  const canvas = element("canvas", { width: video.videoWidth, height: video.videoHeight });
  canvas.getContext("2d")?.drawImage(video, 0, 0);
  /** @type {Blob | null} */
  const blob = await new Promise((made) => canvas.toBlob(made, "image/jpeg", 0.9));
  release(stream);
  if (blob) review({ medium: "photo", type: "image/jpeg", began: Date.now(), blob }, "", canvas);
  else end("The camera gave no picture. Press again.");
}

/**
 * Records, or says why it cannot.
 * @param {MediaStream} stream
 * @param {"sound" | "film"} medium
 * @param {string} type
 */
function record(stream, medium, type) {
  const began = Date.now();
  const keep = keeper(began, medium, type);
  let isWanted = true;
  /** @type {Capture} */
  let capture;
  try {
    capture = new Capture(stream, type, Number(limit), {
      onPart: keep.part,
      onSilenced: () => shown.pauses("It pauses, because something else, such as a call, has taken the microphone or the camera."),
      async onStopped(why) {
        shown.close();
        release(stream);
        await keep.rest();
        const recorded = { medium, type, began, blob: new Blob(capture.parts, { type }) };
        if (!recorded.blob.size) end("Nothing was recorded. Press again.");
        else if (isWanted) review(recorded, STOPPED[why]);
        else discard(recorded);
      },
    });
  } catch (error) {
    release(stream);
    return end(whyNot(error, medium));
  }
  const throwAway = () => {
    isWanted = false;
    capture.stop();
  };
  isOpen = true;
  const shown = showRunning(capture, stream, medium, throwAway);
  return undefined;
}

/**
 * Keeps what comes on this device.
 * @param {number} began
 * @param {Medium} medium
 * @param {string} type
 */
function keeper(began, medium, type) {
  let keeping = kept ? kept.own(began) : Promise.reject(new Error("this browser keeps nothing"));
  return {
    part(/** @type {Blob} */ part, /** @type {number} */ number) {
      keeping = keeping.then(async () => {
        await kept?.keep(began, number, { medium, type, bytes: await part.arrayBuffer() });
      });
      keeping.catch(() => say("This device cannot keep it meanwhile: leave this page open until it is saved."));
    },
    rest: () => keeping.catch(() => {}),
  };
}

/**
 * Shows a recording while it runs.
 * @param {Capture} capture
 * @param {MediaStream} stream
 * @param {"sound" | "film"} medium
 * @param {() => void} throwAway
 */
function showRunning(capture, stream, medium, throwAway) {
  const time = element("strong", { className: "recording-time" });
  const size = element("span", { className: "quiet" });
  const meter = element("meter", { max: 1 });
  meter.setAttribute("aria-label", "How loud it is");
  const level = levelOf(stream);
  const awake = keepAwake();
  const look = () => {
    time.textContent = lengthInWords(capture.seconds);
    size.textContent = `${sizeInWords(capture.size)} of ${limitInWords} at most`;
    if (!level || !capture.isRunning) return;
    meter.value = level.now();
    if (level.silence > SILENT_AFTER) say(SILENT);
    else if (said.textContent === SILENT) say(RUNS);
  };
  const looking = setInterval(look, LOOKS_EVERY);
  const pause = button("Pause", () => {
    if (capture.isRunning) capture.pause();
    else capture.goOn();
    pause.textContent = capture.isRunning ? "Pause" : "Go on";
    say(capture.isRunning ? RUNS : "It pauses.");
  });
  const buttons = row(button("Stop", () => capture.stop(), "btn-primary"), pause, button("Throw away", throwAway));
  show(RUNS, ...(medium === "film" ? [picture(stream)] : []), row(time, size, meter), buttons);
  look();
  return {
    pauses(/** @type {string} */ sentence) {
      pause.textContent = "Go on";
      say(sentence);
    },
    close() {
      clearInterval(looking);
      level?.close();
      awake.then((lock) => lock?.release());
    },
  };
}

const STOPPED = {
  "": "",
  ended: "It ended by itself: the microphone or the camera was taken away, as by a call. What was recorded until then is here.",
  full: `It was stopped, because a file may have ${limitInWords} at most. Use it, and record the rest as another.`,
};

/** A telephone that goes to sleep would end the recording. */
async function keepAwake() {
  return navigator.wakeLock?.request("screen").catch(() => null);
}

/**
 * Lets the person listen or look, and then use it or throw it away.
 * @param {Recorded} recorded
 * @param {string} sentence
 * @param {HTMLElement} [shown] what is looked at or listened to
 * @param {...HTMLElement} more buttons
 */
function review(recorded, sentence, shown = player(recorded), ...more) {
  isOpen = true;
  const throwAway = button("Throw it away", () => discard(recorded, shown));
  const kind = form.elements.namedItem("kind");
  const { medium } = recorded;
  if (medium === "photo" || !(kind instanceof HTMLSelectElement) || kind.value)
    return show(sentence, shown, row(button("Use it", () => use(recorded), "btn-primary"), throwAway, ...more));
  const answers = Object.entries(OF_A_RECORDING).map(([words, { audio, video }]) =>
    button(words, () => {
      kind.value = medium === "film" ? video : audio;
      use(recorded);
    }),
  );
  const asked = element("fieldset", { className: "recording-question" }, element("legend", { textContent: "Use it: what is on it?" }));
  asked.append(row(...answers));
  return show(sentence, shown, asked, row(throwAway, ...more));
}

/** @param {Recorded} recorded */
function player({ medium, blob }) {
  const made = element(medium === "film" ? "video" : "audio", { controls: true, src: URL.createObjectURL(blob) });
  made.setAttribute("playsinline", "");
  made.setAttribute("aria-label", "What was recorded");
  // A recorder does not say how long it was: a player knows once it has been at the end.
  made.onloadedmetadata = () => {
    if (made.duration !== Infinity) return;
    made.addEventListener("timeupdate", () => (made.currentTime = 0), { once: true });
    made.currentTime = Number.MAX_SAFE_INTEGER;
  };
  return made;
}

/** @param {Recorded} recorded */
function use({ medium, type, began, blob }) {
  used.push(began);
  const file = new File([blob], nameOf(medium, type, began), { type: type.split(";")[0], lastModified: began });
  input.dispatchEvent(new CustomEvent("recorded", { detail: file })); // arriving/page.js takes it, or spoken.js
  end("It is among the files above.");
  if (stage.hidden) find(".btn-primary", HTMLElement, form.querySelector(".form-actions") ?? form).focus();
}

/**
 * @param {Recorded} recorded
 * @param {HTMLElement} [shown]
 */
function discard(recorded, shown) {
  kept?.forget(recorded.began);
  end();
  if (!stage.hidden) return;
  said.append("It is thrown away. ", button("Bring it back", () => bringBack(recorded, shown)));
}

/**
 * @param {Recorded} recorded
 * @param {HTMLElement} [shown]
 */
async function bringBack(recorded, shown) {
  const { medium, type, began, blob } = recorded;
  review(recorded, "", shown);
  if (medium !== "photo") await kept?.keep(began, 0, { medium, type, bytes: await blob.arrayBuffer() });
}

/** Offers what earlier visits have left, each once no other tab has it. */
async function openKept() {
  kept = await KeptRecordings.open(`${person} ${address}`, Date.now());
  for (const began of await kept.begun()) offerOnceFree(kept, began);
}

/**
 * @param {KeptRecordings} recordings
 * @param {number} began
 */
async function offerOnceFree(recordings, began) {
  await recordings.own(began);
  const parts = await recordings.parts(began);
  if (!parts[0]) return; // the other tab has saved it
  const { medium, type } = parts[0];
  offered.push({ medium, type, began, blob: new Blob(parts.map((one) => one.bytes), { type }) });
  if (!choices.hidden) end();
}

/** @param {...HTMLElement} things */
function row(...things) {
  return element("div", { className: "recording-row" }, ...things);
}

const nowhere = input.dataset.noRecording ?? whyNowhere({ isSecure: isSecureContext, hasDevices: Boolean(navigator.mediaDevices?.getUserMedia) });
said.setAttribute("role", "status");
stage.setAttribute("role", "group");
stage.setAttribute("aria-label", "Recording");
place.append(choices, said, stage);
show(nowhere);
if (!nowhere)
  for (const [words, medium] of /** @type {[string, Medium][]} */ ([["Record sound", "sound"], ["Take a photo", "photo"], ["Film", "film"]]))
    if (!place.dataset.only || place.dataset.only === medium) choices.append(button(words, () => begin(medium)));
const opening = nowhere ? null : openKept().catch(() => {}); // where nothing is kept, that is said while it records

form.addEventListener("submit", (event) => {
  if (!isOpen) return;
  event.preventDefault();
  event.stopImmediatePropagation(); // nothing was sent yet, whoever else asks
  say("What you record here is not among the files yet. Use it or throw it away, then save.");
  stage.scrollIntoView({ block: "center" });
});
// Heard last: once the form really goes, the site has all that was used.
addEventListener("submit", (event) => {
  if (!event.defaultPrevented) for (const began of used) kept?.forget(began);
});
addEventListener("beforeunload", (event) => {
  if (isOpen) event.preventDefault();
});
