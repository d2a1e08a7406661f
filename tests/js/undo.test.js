import assert from "node:assert/strict";
import { test } from "node:test";

import { UndoHistory } from "../../static/js/presses/undo.js";

test("the last group comes first, and the button can be pressed while there is one", () => {
  const button = { disabled: true };
  const history = new UndoHistory(button);
  history.push(["a"]);
  history.push(["b", "c"]);
  assert.equal(button.disabled, false);
  assert.deepEqual(history.pop(), ["b", "c"]);
  assert.deepEqual(history.pop(), ["a"]);
  assert.equal(button.disabled, true);
  assert.equal(history.pop(), undefined);
});

test("what was not saved is undone in no group, and a group of nothing is none", () => {
  const button = { disabled: true };
  const history = new UndoHistory(button);
  history.push(["a", "b"]);
  history.push(["a"]);
  history.forget((one) => one === "a");
  assert.deepEqual(history.pop(), ["b"]);
  assert.equal(history.pop(), undefined);
  assert.equal(button.disabled, true);
});
