import assert from "node:assert/strict";
import { test } from "node:test";

import { askedBy, sorted } from "../../static/js/on_device/kept_records.js";

const record = (key, isSent) => ({ key, isSent, at: 0, fields: [], files: [], arrived: [] });
const keys = (records) => records.map(({ key }) => key);

test("what the site has saved is forgotten, what was typed since then is sent", () => {
  const all = [record("saved", true), record("typed since", false), record("lost on the way", true), record("new", false)];
  const { saved, waiting } = sorted(all, ["saved", "typed since"], new Set());
  assert.deepEqual(keys(saved), ["saved"]);
  assert.deepEqual(keys(waiting), ["typed since", "lost on the way", "new"]);
});

test("what another tab is at is left to it", () => {
  assert.deepEqual(keys(sorted([record("here", false), record("there", false)], [], new Set(["there"])).waiting), ["here"]);
});

test("a record is opened on the page of its kind and its units", () => {
  const fields = [["kind", "questioning"], ["unit", "b10"], ["unit", "c5"], ["place", "Returns & desk"]];
  assert.equal(askedBy(fields), "?kind=questioning&unit=b10&unit=c5");
});
