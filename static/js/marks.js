/* Sends claims and judgements, one request a press, and loses none.

   What was pressed is kept in the browser until the server has it: while there is no connection, while the
   person is signed out, when the page is closed in the middle. What the server refuses is given back with its
   sentence. Used by the grid and by the judging page. */

const Countersign = {
  element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  },

  /* Takes out of a history, which is of groups, what was not saved: that cannot be undone. */
  forget(history, isIt) {
    const left = history.map((group) => group.filter((one) => !isIt(one))).filter((group) => group.length);
    history.splice(0, history.length, ...left);
  },
};

class MarkQueue {
  static RETRY = [2, 5, 15, 30, 60]; // seconds
  static AT_ONCE = 400; // in one request

  /* `root` holds `data-marks` (where to send to), `data-person` and `data-unit` (whose page of what it is) and the
     form's token. `page` tells what to do on the page: settled(mark, result), which returns whether it said why
     something was refused, givenBack(mark), says(words) beside the button for undo, read(), named(mark) and
     `banner`, the element that says what is not saved.
     A mark is {e, c, to, reason, seen, was}: piece, criterion, what is wanted, what the page showed; `first` is the
     claim that has to be made before it can be judged. */
  constructor(root, page) {
    this.root = root;
    this.page = page;
    this.waiting = new Map(); // by cell
    this.sending = null;
    this.failures = 0;
    // Each page keeps its own, as two may be open; the next one takes over what an earlier one has left.
    this.kept = `countersign.marks.${root.dataset.person}.${root.dataset.unit}.`;
    this.name = this.kept + crypto.getRandomValues(new Uint32Array(2)).join("");
    this.isKept = true;
    addEventListener("online", () => this.send());
    addEventListener("storage", () => this.handOver());
    document.documentElement.dataset.anew = ""; // who comes back to the page has it anew: whose.js
    addEventListener("beforeunload", (event) => {
      if (this.waiting.size && !this.isKept) event.preventDefault();
    });
  }

  static key({ e, c }) {
    return `${e}|${c}`;
  }

  add(mark) {
    this.handOver();
    const before = this.waiting.get(MarkQueue.key(mark));
    if (before) {
      [mark.seen, mark.was] = [before.seen, before.was];
      const claim = before.first ?? (before.to === "claimed" ? before : null);
      if (claim && !["claimed", "empty"].includes(mark.to)) mark.first = claim;
    }
    this.waiting.set(MarkQueue.key(mark), mark);
    this.keep();
  }

  keep() {
    try {
      if (this.waiting.size) localStorage.setItem(this.name, JSON.stringify([...this.waiting.values()]));
      else localStorage.removeItem(this.name);
      this.isKept = true;
    } catch {
      this.isKept = false; // a browser that keeps nothing, or no more: it asks before the page is closed
    }
  }

  /* What earlier pages have left. */
  restored() {
    let names = [];
    try {
      names = Object.keys(localStorage).filter((name) => name.startsWith(this.kept));
    } catch {
      // a browser that keeps nothing
    }
    for (const name of names) {
      try {
        for (const mark of JSON.parse(localStorage.getItem(name))) this.waiting.set(MarkQueue.key(mark), mark);
      } catch {
        // not written by us
      }
      localStorage.removeItem(name);
    }
    if (names.length) this.keep();
    return [...this.waiting.values()];
  }

  /* Leaves to a later page what that one has taken over: sent from both, it might undo what was done there since. */
  handOver() {
    if (!this.waiting.size || !this.isKept) return;
    try {
      if (localStorage.getItem(this.name) !== null) return;
    } catch {
      return; // a browser that keeps nothing any more
    }
    this.giveBackAll("Another page of yours has taken over what was marked here. Load this page again to see how it stands.", false);
  }

  async send() {
    this.handOver();
    if (this.sending || !this.waiting.size) return;
    clearTimeout(this.timer);
    this.sending = [...this.waiting.values()].slice(0, MarkQueue.AT_ONCE).map((mark) => mark.first ?? mark);
    let answer = null;
    try {
      answer = await this.post(this.sending);
    } catch {
      // no connection, or no answer in time
    }
    const sent = this.sending;
    this.sending = null;
    if (answer?.body?.cells) this.received(sent, answer.body);
    else if (answer?.status === 401) this.blocked(answer.body?.error ?? "You had been signed out.", "Sign in again, and what is marked here is sent.", true);
    else if (answer?.status >= 400 && answer.status < 500 && ![408, 429].includes(answer.status))
      this.giveBackAll(answer.body?.error ?? "This unit is not open to you any more.");
    else this.failed(answer ? "The server could not save just now." : "There is no connection.");
  }

  async post(marks, isFirst = true) {
    const token = this.root.querySelector("[name=csrfmiddlewaretoken]");
    const response = await fetch(this.root.dataset.marks, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token.value },
      body: JSON.stringify({
        person: this.root.dataset.person,
        marks: marks.map(({ e, c, to, reason, seen }) => ({ e, c, to, reason, seen })),
      }),
      redirect: "manual",
      signal: AbortSignal.timeout(20_000), // milliseconds
    });
    if (response.type === "opaqueredirect") return { status: 401 };
    const isJson = (response.headers.get("Content-Type") ?? "").includes("json");
    const body = isJson ? await response.json() : null;
    if (body?.old_page && isFirst) return (await this.freshen(token)) ? this.post(marks, false) : { status: 401 };
    return { status: response.status, body };
  }

  /* Signing in again, in another tab, changes the token that proves that a page is ours. */
  async freshen(token) {
    const response = await fetch(location.href, { redirect: "manual" });
    if (!response.ok) return false;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.querySelector("main [name=csrfmiddlewaretoken]");
    if (fresh) token.value = fresh.value;
    return Boolean(fresh);
  }

  received(sent, body) {
    this.failures = 0;
    const refused = new Set();
    const lost = new Set(); // reasons that were typed
    for (const [place, result] of body.cells.entries()) {
      const key = MarkQueue.key(sent[place]);
      const newer = this.waiting.get(key);
      if (newer && newer !== sent[place] && !result.refused) {
        [newer.seen, newer.was] = [result.stamp, result.status]; // pressed again meanwhile
        if (newer.first === sent[place]) delete newer.first;
        continue;
      }
      // What was pressed on top of what is refused goes with it: the person has not seen yet how the cell stands.
      this.waiting.delete(key);
      const isTold = this.page.settled(sent[place], result);
      if (!result.refused) continue;
      if (!isTold) refused.add(result.refused);
      for (const mark of [sent[place], newer]) if (mark?.reason) lost.add(this.page.named(mark) || mark.reason);
    }
    if (lost.size) refused.add(`Not saved: ${[...lost].join("; ")}.`);
    this.keep();
    this.page.says(body.cells.some((result) => !result.refused) ? `Saved at ${body.saved_at}` : "");
    if (refused.size) this.tell([...refused]);
    else if (!this.waiting.size) this.page.banner.hidden = true;
    this.send();
  }

  failed(what) {
    const seconds = MarkQueue.RETRY[Math.min(this.failures, MarkQueue.RETRY.length - 1)];
    this.failures += 1;
    this.blocked(what, "It is kept in this browser, and sent as soon as that is possible.", false);
    this.timer = setTimeout(() => this.send(), seconds * 1000);
  }

  blocked(what, then, isSignedOut) {
    const { element } = Countersign;
    this.page.says("Not saved yet");
    const many = this.waiting.size === 1 ? "One change is not saved yet." : `${this.waiting.size} changes are not saved yet.`;
    const again = element("button", { type: "button", className: "btn btn-sm btn-outline-secondary", textContent: isSignedOut ? "Sign in" : "Send now" });
    again.addEventListener("click", () => (isSignedOut ? location.reload() : this.send()));
    const drop = element("button", { type: "button", className: "btn btn-sm btn-outline-secondary", textContent: "Do not send" });
    drop.addEventListener("click", () => this.giveBackAll("You did not want it sent."));
    this.page.banner.replaceChildren(
      element("p", { textContent: `${what} ${many} ${this.isKept ? then : "This browser keeps nothing: leave the page open until it is saved."}` }),
      element("div", { className: "actions" }, again, drop),
    );
    this.page.banner.hidden = false;
  }

  /* Shows again how it stood, and says what was wanted and is not saved. */
  giveBackAll(why, isLost = true) {
    clearTimeout(this.timer);
    const marks = [...this.waiting.values()];
    if (!marks.length) return;
    const lost = marks.map((mark) => this.page.named(mark)).filter(Boolean);
    this.waiting.clear();
    for (const mark of marks) this.page.givenBack(mark);
    this.keep();
    this.page.says("");
    const what = lost.join("; ") || "what was kept from another page";
    this.tell([why, `${isLost ? "Not saved" : "Marked here"}: ${what}.`]);
  }

  tell(sentences) {
    const { element } = Countersign;
    const close = element("button", { type: "button", className: "btn btn-sm btn-outline-secondary", textContent: "I have read it" });
    close.addEventListener("click", () => {
      this.page.banner.hidden = true;
      this.page.read();
    });
    this.page.banner.replaceChildren(...sentences.map((textContent) => element("p", { textContent })), close);
    this.page.banner.hidden = false;
  }
}
