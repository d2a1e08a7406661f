import assert from "node:assert/strict";
import { test } from "node:test";

import { isHalfTyped, isNews, reasonFor, wantsReason } from "../../static/js/judging/answers.js";

const claim = (shown, reason = "") => ({ shown, savedReason: reason, givenReason: reason });

test("only a not yet has to say why", () => {
  assert.equal(wantsReason("not_yet", ""), true);
  assert.equal(wantsReason("not_yet", "No date"), false);
  assert.equal(wantsReason("partly", ""), false);
  assert.equal(wantsReason("met", ""), false);
});

test("why it was not met is no reason to say that it is; what was said when it was met stays", () => {
  assert.equal(reasonFor("met", "No date", claim("not_yet", "No date")), "");
  assert.equal(reasonFor("met", "", claim("met", "A good example")), "A good example");
  assert.equal(reasonFor("partly", "No name", claim("met", "A good example")), "No name");
});

test("an answer is sent when it, or its reason, is another than is saved", () => {
  assert.equal(isNews("met", "", claim("met")), false);
  assert.equal(isNews("met", "", claim("waiting")), true);
  assert.equal(isNews("not_yet", "No name", claim("not_yet", "No date")), true);
});

test("a reason is half typed while its answer goes without it", () => {
  assert.equal(isHalfTyped("partly", "No na", claim("partly", "")), true);
  assert.equal(isHalfTyped("partly", "No name", claim("partly", "No name")), false);
  assert.equal(isHalfTyped("met", "anything", claim("met")), false);
});
