import assert from "node:assert/strict";
import { test } from "node:test";

import { UnsentPresses } from "../../static/js/presses/unsent.js";

const press = (to, more = {}) => ({ e: "piece", c: "performance-1", to, reason: "", seen: "old", was: "empty", ...more });
const saved = (status, stamp = "new") => ({ status, stamp });

test("a second press in a cell takes the place of the first, and goes out on what the page showed first", () => {
  const unsent = new UnsentPresses();
  unsent.add(press("met", { was: "claimed" }));
  unsent.add(press("partly", { seen: "later", was: "met" }));
  unsent.add(press("met", { c: "performance-2" }));
  const [first, other] = unsent.next();
  assert.deepEqual([first.to, first.seen, first.was], ["partly", "old", "claimed"]);
  assert.equal(other.c, "performance-2");
  assert.equal(unsent.size, 2);
});

test("a claim is made before it is judged, however often it was judged meanwhile", () => {
  const unsent = new UnsentPresses();
  unsent.add(press("claimed"));
  unsent.add(press("partly", { was: "claimed" }));
  unsent.add(press("met", { was: "partly" }));
  const sent = unsent.next();
  assert.deepEqual(sent.map(({ to }) => to), ["claimed"]);
  assert.deepEqual(unsent.answered(sent, [saved("claimed")]), []);
  const [then] = unsent.next();
  assert.deepEqual([then.to, then.seen, then.was, then.first], ["met", "new", "claimed", undefined]);
});

test("a claim that is taken back again needs no claim before it", () => {
  const unsent = new UnsentPresses();
  unsent.add(press("claimed"));
  unsent.add(press("empty", { was: "claimed" }));
  assert.deepEqual(unsent.next().map(({ to }) => to), ["empty"]);
});

test("what was saved is out, and the page is told how it stands", () => {
  const unsent = new UnsentPresses();
  unsent.add(press("claimed"));
  const sent = unsent.next();
  assert.deepEqual(unsent.answered(sent, [saved("claimed")]), [{ press: sent[0], result: saved("claimed"), reasons: [] }]);
  assert.equal(unsent.size, 0);
});

test("what is pressed while another is on its way goes out on top of the answer", () => {
  const unsent = new UnsentPresses();
  unsent.add(press("claimed"));
  const sent = unsent.next();
  unsent.add(press("empty", { was: "claimed" }));
  assert.deepEqual(unsent.answered(sent, [saved("claimed", "between")]), []);
  const [next] = unsent.next();
  assert.deepEqual([next.to, next.seen, next.was], ["empty", "between", "claimed"]);
});

test("what is refused takes with it what was pressed on top of it, and each reason that was typed is told", () => {
  const unsent = new UnsentPresses();
  unsent.add(press("not_yet", { reason: "No date" }));
  const sent = unsent.next();
  unsent.add(press("partly", { reason: "No name" }));
  const [{ reasons }] = unsent.answered(sent, [{ ...saved("met"), refused: "Somebody judged it meanwhile." }]);
  assert.deepEqual(reasons.map(({ reason }) => reason), ["No date", "No name"]);
  assert.equal(unsent.size, 0);
});

test("a request takes 400 presses at most", () => {
  const unsent = new UnsentPresses();
  for (let n = 0; n < 401; n += 1) unsent.add(press("claimed", { c: `performance-${n}` }));
  const sent = unsent.next();
  assert.equal(sent.length, 400);
  unsent.answered(sent, sent.map(() => saved("claimed")));
  assert.deepEqual(unsent.next().map(({ c }) => c), ["performance-400"]);
});
