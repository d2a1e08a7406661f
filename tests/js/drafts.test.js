import assert from "node:assert/strict";
import { test } from "node:test";

import { Drafts } from "../../static/js/writing/drafts.js";

/* As a browser's: its keys are its own properties. */
class Store {
  getItem = (key) => this[key] ?? null;
  setItem = (key, value) => void (this[key] = value);
  removeItem = (key) => void delete this[key];
  constructor() {
    for (const name of ["getItem", "setItem", "removeItem"]) Object.defineProperty(this, name, { enumerable: false });
  }
}

const tab = (store, name, person = "pat", page = "/add/") => new Drafts(store, person, page, name);

test("what a closed tab has kept is taken over, once", () => {
  const store = new Store();
  tab(store, "one").keep("I rang them", 1_000);
  const next = tab(store, "two");
  assert.equal(next.takeOver(10_000).text, "I rang them");
  assert.equal(tab(store, "three").takeOver(11_000), null, "the second tab is open and has it");
  assert.equal(tab(store, "three").takeOver(30_000).text, "I rang them", "the second was closed as well");
});

test("two open tabs keep each its own", () => {
  const store = new Store();
  const [one, two] = [tab(store, "one"), tab(store, "two")];
  one.keep("mine", 1_000);
  two.keep("other", 1_000);
  one.beat(9_000);
  assert.equal(tab(store, "three").takeOver(10_000).text, "other");
});

test("another person, or another page, finds nothing", () => {
  const store = new Store();
  tab(store, "one").keep("mine", 1_000);
  assert.equal(tab(store, "two", "sam").takeOver(90_000), null);
  assert.equal(tab(store, "two", "pat", "/correct/").takeOver(90_000), null);
});

test("what was sent, or is empty, is not kept, and what is very old goes", () => {
  const store = new Store();
  const one = tab(store, "one");
  one.keep("sent", 1_000);
  one.forget();
  one.keep("a", 2_000);
  one.keep("", 3_000);
  tab(store, "two").keep("of last year", 1);
  assert.equal(tab(store, "three").takeOver(61 * 24 * 3_600_000), null);
  assert.deepEqual(Object.keys(store), []);
});
