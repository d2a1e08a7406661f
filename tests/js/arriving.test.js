import assert from "node:assert/strict";
import { test } from "node:test";

import { Pace, sizeInWords, timeInWords } from "../../static/js/arriving/pace.js";

const plain = (words) => words.replaceAll("\u00a0", " ");

test("sizes are said as pages say them", () => {
  const said = [0, 1, 1023, 1024, 840_000, 3_565_158, 2 * 1024 ** 3].map((bytes) => plain(sizeInWords(bytes)));
  assert.deepEqual(said, ["0 bytes", "1 bytes", "1023 bytes", "1 kB", "820 kB", "3.4 MB", "2.0 GB"]);
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
