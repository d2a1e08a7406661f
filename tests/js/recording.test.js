import assert from "node:assert/strict";
import { test } from "node:test";

import { lengthInWords, nameOf, typeFor, whyNot, whyNowhere } from "../../static/js/recording/words.js";

const MORNING = new Date(2026, 10, 30, 9, 5).getTime();

test("what is recorded is called by what it is, and when it began", () => {
  assert.equal(nameOf("sound", "audio/webm;codecs=opus", MORNING), "Recording 30 November 2026 09.05.webm");
  assert.equal(nameOf("sound", "audio/mp4", MORNING), "Recording 30 November 2026 09.05.m4a");
  assert.equal(nameOf("film", "video/mp4;codecs=avc1", MORNING), "Film 30 November 2026 09.05.mp4");
  assert.equal(nameOf("photo", "image/jpeg", MORNING), "Photo 30 November 2026 09.05.jpg");
});

test("a browser is asked for the best that it can record, and never for what is not taken", () => {
  assert.equal(typeFor("sound", (type) => type === "audio/mp4"), "audio/mp4");
  assert.equal(typeFor("film", (type) => type.startsWith("video/webm")), "video/webm;codecs=vp8,opus");
  assert.equal(typeFor("film", () => false), "");
});

test("lengths are said as players say them", () => {
  assert.deepEqual([0, 7.9, 60, 3599, 3760].map(lengthInWords), ["0:00", "0:07", "1:00", "59:59", "1:02:40"]);
});

test("each reason has its sentence, and a way on", () => {
  const names = ["NotAllowedError", "NotFoundError", "NotReadableError", "NotSupportedError", "TypeError"];
  const said = names.map((name) => whyNot(Object.assign(new Error("no"), { name }), "sound"));
  assert.equal(new Set(said).size, names.length);
  for (const sentence of said) assert.match(sentence, /phone's own app/);
  assert.match(whyNot(undefined, "photo"), /The camera could not be started/);
});

test("a page that can record nothing says why", () => {
  assert.match(whyNowhere({ isSecure: false, hasDevices: false }), /https:/);
  assert.match(whyNowhere({ isSecure: true, hasDevices: false }), /This browser/);
  assert.equal(whyNowhere({ isSecure: true, hasDevices: true }), "");
});
