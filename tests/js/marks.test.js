import assert from "node:assert/strict";
import { test } from "node:test";

import { marked } from "../../static/js/writing/marks.js";

/* The text after a press; what is selected lies between two bars, one bar is where one types. */
function pressed(mark, text) {
  const [before, within, after] = text.split("|");
  const plain = text.replaceAll("|", "");
  const end = after === undefined ? before.length : before.length + within.length;
  const { from, to, words } = marked(plain, before.length, end, mark);
  return plain.slice(0, from) + words + plain.slice(to);
}

test("the line that one types gets the mark, and a second press takes it away", () => {
  assert.equal(pressed("heading", "What I| did\nmore"), "# What I did\nmore");
  assert.equal(pressed("heading", "# What I| did\nmore"), "What I did\nmore");
  assert.equal(pressed("list", "|"), "- ");
  assert.equal(pressed("list", "- |"), "");
});

test("each line that is selected gets it, empty ones do not", () => {
  assert.equal(pressed("list", "|one\n\ntwo\n|three"), "- one\n\n- two\nthree");
  assert.equal(pressed("numbered", "o|ne\ntw|o\nthree"), "1. one\n2. two\nthree");
});

test("it takes the place of another mark", () => {
  assert.equal(pressed("numbered", "|- one\n* two\n3. three|"), "1. one\n2. two\n3. three");
  assert.equal(pressed("list", "|# one|"), "- one");
});

test("a numbered list goes on with its numbers", () => {
  assert.equal(pressed("numbered", "8. eight\n9. nine\n|"), "8. eight\n9. nine\n10. ");
});
