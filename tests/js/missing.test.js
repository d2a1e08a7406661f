import assert from "node:assert/strict";
import { test } from "node:test";

import { missing } from "../../static/js/grid/missing.js";

/* `shown` is the rows in which there is enough, by anchor. */
const count = (shown, range = null) =>
  missing(Object.keys(shown), (anchor) => shown[anchor].length > 0, (anchor) => shown[anchor], range);

test("a column lacks something until one piece is enough", () => {
  assert.equal(count({ "performance-1": [], "performance-2": [0], "knowledge-1": [] }), 2);
});

const range = {
  elements: { 1: [1], 2: [2] },
  categories: [{ items: [1, 2], elements: ["1", "2"], least: 2 }],
  hidden: { "performance-2": [0] },
};

test("a range item is shown for an element by a piece that shows the element too, also in a column that is hidden", () => {
  assert.equal(count({ "performance-1": [1], "range-1": [0, 1], "range-2": [0] }, range), 1);
  assert.equal(count({ "performance-1": [1], "range-1": [0, 1], "range-2": [0, 1] }, range), 0);
});

test("as many items as a category asks for are enough", () => {
  const one = { ...range, categories: [{ items: [1, 2], elements: [], least: 1 }] };
  assert.equal(count({ "range-1": [0], "range-2": [] }, one), 0);
  assert.equal(count({ "range-1": [], "range-2": [] }, one), 2);
});
