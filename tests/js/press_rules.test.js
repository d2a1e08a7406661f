import assert from "node:assert/strict";
import { test } from "node:test";

import { asked, may, spaceWants, undoWants, whyNot } from "../../static/js/grid/press_rules.js";

const STANDINGS = ["met", "claimed", "partly", "not_yet", "barred", "empty"];
/* What may be wanted of one cell that stands so. */
const wantable = (acts, standing) =>
  ["claimed", "met", "partly", "not_yet", "empty"].filter((wanted) => may(acts, standing, wanted, standing));

test("a candidate claims what is empty and takes back anything else", () => {
  for (const standing of STANDINGS)
    assert.deepEqual(wantable("claim", standing), [standing === "empty" ? "claimed" : "empty"], standing);
});

test("an assessor claims what is empty, judges what is claimed, and takes back a judgement or a claim, never both", () => {
  assert.deepEqual(wantable("judge", "empty"), ["claimed"]);
  assert.deepEqual(wantable("judge", "claimed"), ["met", "partly", "not_yet", "empty"]);
  assert.deepEqual(wantable("judge", "met"), ["claimed", "partly", "not_yet"]);
  assert.deepEqual(wantable("judge", "partly"), ["claimed", "met", "not_yet"]);
  assert.deepEqual(wantable("judge", "not_yet"), ["claimed", "met", "partly", "not_yet"]);
  assert.deepEqual(wantable("judge", "barred"), []);
});

test("who reads changes nothing, and is told so", () => {
  for (const standing of STANDINGS) {
    assert.deepEqual(wantable("read", standing), []);
    const wanted = spaceWants("read", standing);
    assert.equal(whyNot("read", standing, wanted, String, "candidate"), "You can look at this grid, and not change it.");
  }
});

test("several at once are claimed, or their judgements taken back, as the one at hand is", () => {
  assert.equal(may("judge", "met", "claimed", "empty"), false);
  assert.equal(may("judge", "empty", "claimed", "met"), false);
  assert.equal(may("judge", "met", "claimed", "partly"), true);
});

test("why not is said of how the cell stands", () => {
  assert.match(whyNot("judge", "empty", "met", String, "learner"), /^Nobody has claimed this yet.* for the learner, /);
  assert.match(whyNot("judge", "barred", "met", String, "candidate"), /^This unit does not take this evidence/);
  assert.equal(whyNot("judge", "met", "met", () => "met", "candidate"), "It is “met” already.");
  assert.equal(whyNot("judge", "met", "empty", String, "candidate"), "That cannot be done here.");
});

test("space claims, judges met, and takes back", () => {
  assert.deepEqual(STANDINGS.map((one) => spaceWants("claim", one)), ["empty", "empty", "empty", "empty", "empty", "claimed"]);
  assert.deepEqual(STANDINGS.map((one) => spaceWants("judge", one)), ["claimed", "met", "met", "met", "met", "claimed"]);
});

test("a judgement that is taken back leaves a claim that waits", () => {
  assert.equal(asked("met", "claimed"), "waiting");
  assert.equal(asked("empty", "claimed"), "claimed");
  assert.equal(asked("claimed", "empty"), "empty");
});

test("undo by a candidate claims again, whatever was said of the claim, or takes back", () => {
  assert.deepEqual(undoWants("claim", { from: "met", reason: "Well done" }), { wanted: "claimed", reason: "" });
  assert.deepEqual(undoWants("claim", { from: "empty", reason: "" }), { wanted: "empty", reason: "" });
});

test("undo by an assessor judges as before, and a not yet only with its reason", () => {
  assert.deepEqual(undoWants("judge", { from: "met", reason: "old" }), { wanted: "met", reason: "" });
  assert.deepEqual(undoWants("judge", { from: "not_yet", reason: "No date" }), { wanted: "not_yet", reason: "No date" });
  assert.equal(undoWants("judge", { from: "not_yet", reason: "" }), null);
});
