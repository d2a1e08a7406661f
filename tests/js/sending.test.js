import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";

import { KeptPresses } from "../../static/js/presses/kept.js";
import { PressSending } from "../../static/js/presses/sending.js";

const press = (c, more = {}) => ({ e: "piece", c, to: "claimed", reason: "", seen: "old", was: "empty", ...more });
const saved = { status: 200, body: { cells: [{ status: "claimed", stamp: "new" }], saved_at: "10:00:00" } };

/* The storage of a browser: its names are its own keys. */
class Store {
  getItem(name) {
    return this[name] ?? null;
  }
  setItem(name, value) {
    this[name] = String(value);
  }
  removeItem(name) {
    delete this[name];
  }
}

/* A page of a unit. `answers` is what the server will say, one after the other; without one there is no connection. */
function pageIn(storage, { answers = [], name = "1" } = {}) {
  const told = { sent: [], settled: [], givenBack: [], says: "", notice: null };
  const sending = new PressSending({
    kept: new KeptPresses(storage, "countersign.marks.pat.b10.", name),
    post: async (presses) => {
      told.sent.push(presses.map(({ c }) => c));
      if (!answers.length) throw new TypeError("Failed to fetch");
      return answers.shift();
    },
    page: {
      settled: ({ c }, { refused }) => {
        told.settled.push(refused ? `${c}: ${refused}` : c);
        return false;
      },
      givenBack: ({ c, was }) => told.givenBack.push(`${c} is ${was}`),
      says: (words) => {
        told.says = words;
      },
      named: ({ c, reason }) => `${c}${reason ? ` (${reason})` : ""}`,
    },
    notice: {
      unsent: (words, may) => {
        told.notice = { words, ...may };
      },
      tell: (sentences) => {
        told.notice = sentences.join(" ");
      },
      hide: () => {
        told.notice = null;
      },
    },
  });
  return { sending, told, answers };
}

let store;
beforeEach(() => {
  store = new Store();
});
const storage = () => store;

test("a press is kept until the server has it", async () => {
  const { sending, told } = pageIn(storage, { answers: [saved] });
  sending.add(press("one"));
  assert.equal(Object.keys(store).length, 1);
  await sending.send();
  assert.deepEqual(told.settled, ["one"]);
  assert.equal(told.says, "Saved at 10:00:00");
  assert.equal(Object.keys(store).length, 0);
});

test("one request is on its way at a time, and what was pressed meanwhile follows", async () => {
  const { sending, told } = pageIn(storage, { answers: [saved, saved] });
  sending.add(press("one"));
  const first = sending.send();
  sending.add(press("two"));
  sending.send();
  assert.deepEqual(told.sent, [["one"]]);
  await first;
  await turn();
  assert.deepEqual(told.sent, [["one"], ["two"]]);
  assert.equal(Object.keys(store).length, 0);
});

test("without a connection it is tried again, after a longer while each time", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const { sending, told, answers } = pageIn(storage);
    sending.add(press("one"));
    await sending.send();
    for (const seconds of [2, 5, 15, 30, 60, 60]) {
      const before = told.sent.length;
      mock.timers.tick(seconds * 1000 - 1);
      assert.equal(told.sent.length, before);
      mock.timers.tick(1);
      assert.equal(told.sent.length, before + 1);
      await turn();
    }
    assert.match(told.notice.words, /There is no connection\. One change is not saved yet\. It is kept in this browser/);
    answers.push(saved);
    mock.timers.tick(60_000);
    await turn();
    assert.equal(told.notice, null);
    assert.deepEqual(told.settled, ["one"]);
    sending.add(press("two"));
    await sending.send();
    const tried = told.sent.length;
    mock.timers.tick(2000); // as at first
    assert.equal(told.sent.length, tried + 1);
  } finally {
    mock.timers.reset();
  }
});

for (const status of [408, 429, 500, 502])
  test(`an answer of ${status} loses nothing`, async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    const { sending, told } = pageIn(storage, { answers: [{ status, body: null }] });
    sending.add(press("one"));
    await sending.send();
    mock.timers.reset();
    assert.equal(told.says, "Not saved yet");
    assert.equal(told.notice.isSignedOut, false);
    assert.equal(Object.keys(store).length, 1);
  });

test("who was signed out keeps what was pressed, and is asked to sign in", async () => {
  const { sending, told } = pageIn(storage, { answers: [{ status: 401 }] });
  sending.add(press("one"));
  await sending.send();
  assert.equal(told.notice.isSignedOut, true);
  assert.equal(Object.keys(store).length, 1);
});

test("what the server will never take is given back with its sentence", async () => {
  const { sending, told } = pageIn(storage, { answers: [{ status: 409, body: { error: "It was submitted." } }] });
  sending.add(press("one"));
  sending.add(press("two"));
  await sending.send();
  assert.deepEqual(told.givenBack, ["one is empty", "two is empty"]);
  assert.equal(told.notice, "It was submitted. Not saved: one; two.");
  assert.equal(Object.keys(store).length, 0);
});

test("a refusal is told once, with the reason that was typed", async () => {
  const cell = { status: "met", stamp: "new", refused: "Ann judged it meanwhile." };
  const { sending, told } = pageIn(storage, { answers: [{ status: 200, body: { cells: [cell, cell] } }] });
  sending.add(press("one", { to: "not_yet", reason: "No date" }));
  sending.add(press("two"));
  await sending.send();
  assert.equal(told.notice, "Ann judged it meanwhile. Not saved: one (No date).");
  assert.equal(told.says, "");
});

test("who does not want it sent is shown how it stood", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { sending, told } = pageIn(storage);
  sending.add(press("one"));
  await sending.send();
  told.notice.drop();
  mock.timers.tick(60_000);
  mock.timers.reset();
  assert.deepEqual(told.givenBack, ["one is empty"]);
  assert.equal(told.sent.length, 1);
});

test("a later page takes over what an earlier one has left, and the earlier one sends it no more", async () => {
  const earlier = pageIn(storage, { name: "1" });
  earlier.sending.add(press("one"));
  const later = pageIn(storage, { name: "2", answers: [saved] });
  assert.deepEqual(later.sending.takeOver(), [press("one")]);
  await earlier.sending.send();
  assert.deepEqual(earlier.told.sent, []);
  assert.match(earlier.told.notice, /^Another page of yours has taken over .* Marked here: one\.$/);
  await later.sending.send();
  assert.deepEqual(later.told.settled, ["one"]);
});

test("a press after that sends nothing again of what was taken over", async () => {
  const earlier = pageIn(storage, { name: "1", answers: [saved] });
  earlier.sending.add(press("one"));
  pageIn(storage, { name: "2" }).sending.takeOver();
  earlier.sending.add(press("two"));
  await earlier.sending.send();
  assert.deepEqual(earlier.told.sent, [["two"]]);
});

test("nothing is taken over from another person, another unit, or somebody else's hand", () => {
  store.setItem("countersign.marks.ann.b10.1", JSON.stringify([press("ann")]));
  store.setItem("countersign.marks.pat.b11.1", JSON.stringify([press("b11")]));
  store.setItem("countersign.marks.pat.b10.9", "[broken");
  assert.deepEqual(pageIn(storage).sending.takeOver(), []);
  assert.deepEqual(Object.keys(store), ["countersign.marks.ann.b10.1", "countersign.marks.pat.b11.1"]);
});

test("in a browser without room nobody has taken over what it could not keep", async () => {
  store.setItem = () => {
    throw new Error("QuotaExceededError");
  };
  const { sending, told } = pageIn(storage, { answers: [saved] });
  sending.add(press("one"));
  assert.equal(sending.isAtRisk, true);
  await sending.send();
  assert.deepEqual([told.settled, told.givenBack], [["one"], []]);
});

test("a browser that keeps nothing says so, and the page is at risk", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { sending, told } = pageIn(() => {
    throw new Error("SecurityError");
  });
  assert.deepEqual(sending.takeOver(), []);
  assert.equal(sending.isAtRisk, false);
  sending.add(press("one"));
  await sending.send();
  mock.timers.reset();
  assert.equal(sending.isAtRisk, true);
  assert.match(told.notice.words, /This browser keeps nothing: leave the page open until it is saved\.$/);
});
