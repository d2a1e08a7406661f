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
};

class MarkQueue {
  static RETRY = [2, 5, 15, 30, 60]; // seconds

  /* `root` holds `data-marks` (where to send to), `data-keep` (under which name to keep) and the form's token.
     `page` tells what to do on the page: settled(mark, result), givenBack(mark), saved(time), read(), named(mark)
     and `banner`, the element that says what is not saved.
     A mark is {e, c, to, reason, seen, was}: piece, criterion, what is wanted, what the page showed. */
  constructor(root, page) {
    this.root = root;
    this.page = page;
    this.waiting = new Map(); // by cell
    this.sending = null;
    this.failures = 0;
    this.name = `countersign.marks.${root.dataset.keep}`;
    addEventListener("online", () => this.send());
    addEventListener("beforeunload", (event) => {
      if (this.waiting.size && !localStorage.getItem(this.name)) event.preventDefault();
    });
  }

  static key({ e, c }) {
    return `${e}|${c}`;
  }

  add(mark) {
    const before = this.waiting.get(MarkQueue.key(mark));
    if (before) [mark.seen, mark.was] = [before.seen, before.was];
    this.waiting.set(MarkQueue.key(mark), mark);
    this.keep();
  }

  keep() {
    try {
      if (this.waiting.size) localStorage.setItem(this.name, JSON.stringify([...this.waiting.values()]));
      else localStorage.removeItem(this.name);
    } catch {
      // A browser that keeps nothing: then it asks before the page is closed.
    }
  }

  /* What an earlier page has left. */
  restored() {
    try {
      for (const mark of JSON.parse(localStorage.getItem(this.name) ?? "[]")) this.waiting.set(MarkQueue.key(mark), mark);
    } catch {
      localStorage.removeItem(this.name);
    }
    return [...this.waiting.values()];
  }

  async send() {
    if (this.sending || !this.waiting.size) return;
    clearTimeout(this.timer);
    this.sending = [...this.waiting.values()].slice(0, 400);
    let answer = null;
    try {
      answer = await this.post(this.sending);
    } catch {
      // no connection, or no answer in time
    }
    const sent = this.sending;
    this.sending = null;
    if (answer?.status === 200) this.received(sent, answer.body);
    else if (answer?.status === 401) this.blocked("You have been signed out.", "Sign in again, and what is marked here is sent.", true);
    else if (answer && answer.status < 500 && ![408, 429].includes(answer.status)) this.giveBack(sent, answer.body?.error ?? "This unit is not open to you any more.");
    else this.failed(answer ? "The server could not save just now." : "There is no connection.");
  }

  async post(marks, isFirst = true) {
    const token = this.root.querySelector("[name=csrfmiddlewaretoken]");
    const response = await fetch(this.root.dataset.marks, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token.value },
      body: JSON.stringify({ marks: marks.map(({ e, c, to, reason, seen }) => ({ e, c, to, reason, seen })) }),
      redirect: "manual",
      signal: AbortSignal.timeout(20_000), // milliseconds
    });
    const isJson = (response.headers.get("Content-Type") ?? "").includes("json");
    const body = isJson ? await response.json() : null;
    if (response.type === "opaqueredirect") return { status: 401, body };
    if (body?.old_page && isFirst && (await this.freshen(token))) return this.post(marks, false);
    return { status: response.status, body };
  }

  /* Signing in again, in another tab, changes the token that proves that a page is ours. */
  async freshen(token) {
    const response = await fetch(location.href, { redirect: "manual" });
    if (!response.ok) return false;
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("main [name=csrfmiddlewaretoken]");
    if (fresh) token.value = fresh.value;
    return Boolean(fresh);
  }

  received(sent, body) {
    this.failures = 0;
    const refused = new Set();
    for (const [place, result] of body.cells.entries()) {
      const key = MarkQueue.key(sent[place]);
      const newer = this.waiting.get(key);
      if (newer !== sent[place]) {
        if (newer) [newer.seen, newer.was] = [result.stamp, result.status]; // pressed again meanwhile
      } else {
        this.waiting.delete(key);
        this.page.settled(sent[place], result);
      }
      if (result.refused) refused.add(result.refused);
    }
    this.keep();
    this.page.saved(body.cells.some((result) => !result.refused) ? body.saved_at : "");
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
    const many = this.waiting.size === 1 ? "One change is not saved yet." : `${this.waiting.size} changes are not saved yet.`;
    const again = element("button", { type: "button", className: "btn btn-sm btn-outline-secondary", textContent: isSignedOut ? "Sign in" : "Send now" });
    again.addEventListener("click", () => (isSignedOut ? location.reload() : this.send()));
    const drop = element("button", { type: "button", className: "btn btn-sm btn-outline-secondary", textContent: "Do not send" });
    drop.addEventListener("click", () => this.giveBackAll("You did not want it sent."));
    this.page.banner.replaceChildren(
      element("p", { textContent: `${what} ${many} ${then}` }),
      element("div", { className: "actions mt-2" }, again, drop),
    );
    this.page.banner.hidden = false;
  }

  giveBackAll(why) {
    if (this.waiting.size) this.giveBack([...this.waiting.values()], why);
  }

  /* Shows again how it stood, and says what was wanted and is not saved. */
  giveBack(marks, why) {
    clearTimeout(this.timer);
    const lost = marks.map((mark) => this.page.named(mark)).filter(Boolean);
    for (const mark of marks) {
      this.waiting.delete(MarkQueue.key(mark));
      this.page.givenBack(mark);
    }
    this.keep();
    this.tell([why, `Not saved: ${lost.join("; ") || "what was kept from another page"}.`]);
  }

  tell(sentences) {
    const { element } = Countersign;
    const close = element("button", { type: "button", className: "btn btn-sm btn-outline-secondary mt-2", textContent: "I have read it" });
    close.addEventListener("click", () => {
      this.page.banner.hidden = true;
      this.page.read();
    });
    this.page.banner.replaceChildren(...sentences.map((textContent) => element("p", { textContent })), close);
    this.page.banner.hidden = false;
  }
}
