import assert from "node:assert/strict";
import { test } from "node:test";

import { Pace, sizeInWords, timeInWords } from "../../static/js/arriving/pace.js";
import { suggested } from "../../static/js/arriving/suggestions.js";

const plain = (words) => words.replaceAll("\u00a0", " ");

test("sizes are said as pages say them", () => {
  const said = [0, 1, 1023, 1024, 840_000, 3_565_158, 2 * 1024 ** 3].map((bytes) => plain(sizeInWords(bytes)));
  assert.deepEqual(said, ["0 bytes", "1 byte", "1023 bytes", "1.0 KB", "820.3 KB", "3.4 MB", "2.0 GB"]);
});

test("what is left is said in the unit that people think in", () => {
  const said = [0, 1, 12.2, 60, 200, 7000].map((seconds) => plain(timeInWords(seconds)));
  assert.deepEqual(said, ["1 second", "1 second", "13 seconds", "1 minute", "3 minutes", "2 hours"]);
});

test("the pace is that of just now", () => {
  const pace = new Pace();
  pace.note(0, 0);
  assert.equal(pace.left(1000), null);
  pace.note(100, 1000);
  assert.equal(pace.left(1000), 9);
  pace.note(100, 9000); // nothing went for eight seconds
  assert.equal(pace.left(1000), null);
  pace.note(600, 10_000);
  assert.equal(Math.round(pace.left(1000) * 10), 8);
});

const NOON = new Date(2026, 2, 2, 12).getTime();
const of = (name, type, lastModified = NOON) => suggested({ name, type, lastModified }, NOON + 1000);

test("a photo tells its day and its kind, and has a description that says something", () => {
  assert.deepEqual(of("IMG_20260302_1412.jpg", "image/jpeg"), {
    title: "Photo, 2 March 2026",
    day: "2026-03-02",
    kind: "photo",
    medium: "image",
  });
  for (const name of ["DSC00012.JPG", "IMG_0001.HEIC", "image.jpg", "PXL_20260302_141200123.jpg", "20260302_141200.jpg"])
    assert.equal(of(name, "image/jpeg").title, "Photo, 2 March 2026", name);
});

test("a name that a person gave is the description; what a document is, nobody knows", () => {
  assert.deepEqual(of("Letter_to Mrs Baptiste.v2.pdf", "application/pdf"), {
    title: "Letter to Mrs Baptiste.v2",
    day: "2026-03-02",
    kind: "",
    medium: "application",
  });
  assert.equal(of("scan 3.pdf", "application/pdf").title, "");
  assert.equal(of("Recording at the desk.m4a", "audio/mp4").title, "Recording at the desk");
});

test("a recording leaves open what is on it, and a clock that is wrong says no day", () => {
  assert.equal(of("New Recording 4.m4a", "audio/mp4").kind, "");
  assert.equal(of("New Recording 4.m4a", "audio/mp4").title, "Recording, 2 March 2026");
  assert.deepEqual([of("a.jpg", "image/jpeg", NOON + 5000).day, of("a.jpg", "image/jpeg", 0).day], ["", ""]);
});
