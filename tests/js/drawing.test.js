import assert from "node:assert/strict";
import { test } from "node:test";

import { Drawing } from "../../static/js/on_device/drawing.js";

const LINES = /^(?:M\d{1,3} \d{1,3}(?:L\d{1,3} \d{1,3})+)+$/; // as the site reads it: assessments/observations/from_device.py

test("a line is kept in whole units, and what is outside at the edge", () => {
  const drawing = new Drawing();
  drawing.begin(10.4, 20.6);
  drawing.goOn(900, -5);
  drawing.begin(5, 5);
  assert.equal(drawing.path, "M10 21L10 21L599 0M5 5L5 5");
  assert.match(drawing.path, LINES);
});

test("points that nobody could tell apart are one", () => {
  const drawing = new Drawing();
  drawing.begin(10, 10);
  for (let i = 0; i < 100; i++) drawing.goOn(11, 11);
  assert.equal(drawing.path, "M10 10L10 10");
});

test("nothing goes on before it began, and it begins anew", () => {
  const drawing = new Drawing();
  drawing.goOn(50, 50);
  assert.equal(drawing.path, "");
  drawing.begin(1, 1);
  drawing.clear();
  assert.equal(drawing.path, "");
});

test("however long somebody draws, the site takes it", () => {
  const drawing = new Drawing();
  for (let i = 0; i < 5_000; i++) {
    drawing.begin((i * 37) % 600, (i * 11) % 200);
    drawing.goOn((i * 53) % 600, (i * 29) % 200);
  }
  assert.ok(drawing.path.length <= 12_000 && drawing.path.length > 11_900);
  assert.match(drawing.path, LINES);
});
