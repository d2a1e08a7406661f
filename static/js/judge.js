/* Judging as one goes: an answer is saved when it is given; keys M, P, N, J, K. Needs marks.js, which sends.

   Without this script the page is a form with a button that saves all of it. */

(() => {
  const root = document.getElementById("judging");
  const claims = [...root.querySelectorAll("fieldset.answer")];
  const open = claims.filter((claim) => claim.querySelector("[type=radio]"));
  const byAnchor = new Map(claims.map((claim) => [claim.id, claim]));
  const WORDS = Object.fromEntries(Object.entries(JSON.parse(root.dataset.statuses)).map(([value, { words }]) => [value, words.toLowerCase()]));
  WORDS.waiting = WORDS.claimed;
  const KEYS = { m: "met", p: "partly", n: "not_yet" };
  const undoButton = document.getElementById("undo");
  const history = [];
  let here = null;

  const radio = (claim, value) => claim.querySelector(`[type=radio][value="${value}"]`);
  const answerOf = (claim) => claim.querySelector("[type=radio]:checked")?.value ?? "waiting";
  const reasonOf = (claim) => claim.querySelector("textarea").value.trim();
  const codeOf = (claim) => claim.querySelector(".code").textContent;

  function show(claim, status) {
    const value = status === "claimed" ? "waiting" : status;
    claim.querySelector(".answer-ask")?.remove();
    claim.classList.remove("unsaved");
    for (const one of claim.querySelectorAll("[type=radio]")) one.checked = one.value === value;
    claim.shown = value;
  }

  const queue = new MarkQueue(root, {
    banner: document.getElementById("unsaved"),
    named: ({ e, c, to, reason }) => {
      const claim = e === root.dataset.piece && byAnchor.get(c);
      return claim ? `${codeOf(claim)}: ${WORDS[to]}${reason ? ` (${reason})` : ""}` : "";
    },
    settled: (mark, result) => {
      const claim = mark.e === root.dataset.piece && byAnchor.get(mark.c);
      if (!claim) return false;
      claim.classList.remove("unsaved");
      claim.dataset.seen = result.stamp;
      claim.dataset.status = result.status;
      // What was here before it was sent: the form must not send an older state after it.
      claim.querySelector(".answer-standing")?.remove();
      if (result.refused) {
        show(claim, result.status);
        forget(claim);
      } else claim.savedReason = mark.reason;
      return false;
    },
    givenBack: (mark) => {
      const claim = mark.e === root.dataset.piece && byAnchor.get(mark.c);
      if (!claim) return;
      show(claim, mark.was);
      forget(claim);
    },
    says: (words) => {
      document.querySelector(".judge-saved").hidden = false;
      document.getElementById("saved").textContent = words;
    },
    read: () => (here ?? open[0]).focus(),
  });

  /* Gives these answers; each is {claim, to, reason}. */
  function give(answers, { remember = true } = {}) {
    const given = answers.filter(({ claim, to, reason }) => to !== claim.shown || reason !== claim.savedReason);
    if (remember && given.length) history.push(given.map(({ claim }) => ({ claim, to: claim.shown, reason: claim.savedReason })));
    for (const { claim, to, reason } of given) {
      queue.add({ e: root.dataset.piece, c: claim.id, to, reason, seen: claim.dataset.seen, was: claim.shown });
    }
    for (const { claim, to } of answers) show(claim, to);
    for (const { claim, reason } of given) {
      claim.classList.add("unsaved");
      claim.givenReason = reason;
    }
    if (!given.length) return;
    undoButton.disabled = !history.length;
    const [{ claim, to }] = given;
    document.getElementById("says").textContent = given.length === 1 ? `${codeOf(claim)}: ${WORDS[to]}` : `${given.length} claims: ${WORDS[to]}`;
    queue.send();
  }

  function answer(claim, to) {
    if (to === "not_yet" && !reasonOf(claim)) {
      radio(claim, to).checked = true;
      ask(claim);
      claim.querySelector("textarea").focus();
      return false;
    }
    give([{ claim, to, reason: to === "met" ? saidOfMet(claim) : reasonOf(claim) }]);
    return true;
  }

  /* Why it was not met yet is no reason to say that it is; what was said when it was judged met stays. */
  const saidOfMet = (claim) => (claim.shown === "met" ? claim.savedReason : "");

  /* A "not yet" is saved with its reason: until then the claim says so, and the page is not left unasked. */
  function ask(claim) {
    if (claim.querySelector(".answer-ask")) return;
    const words = Countersign.element("p", { className: "answer-ask", textContent: "Not saved yet: say why." });
    claim.querySelector("textarea").after(words);
    claim.classList.add("unsaved");
  }
  const isHalfTyped = (claim) => ["not_yet", "partly"].includes(answerOf(claim)) && reasonOf(claim) !== claim.givenReason;
  addEventListener("beforeunload", (event) => {
    if (root.querySelector(".answer-ask") || open.some(isHalfTyped)) event.preventDefault();
  });

  function undo() {
    const group = history.pop();
    if (!group) return;
    for (const { claim, reason } of group) claim.querySelector("textarea").value = reason ?? "";
    give(group.map(({ claim, to, reason }) => ({ claim, to, reason: reason ?? "" })), { remember: false });
    undoButton.disabled = !history.length;
    group[0].claim.focus();
  }

  function forget(claim) {
    Countersign.forget(history, (one) => one.claim === claim);
    undoButton.disabled = !history.length;
  }

  function go(claim) {
    if (!claim) return;
    here = claim;
    claim.focus();
  }

  root.addEventListener("change", (event) => {
    const claim = event.target.closest("fieldset.answer");
    if (!claim) return;
    if (event.target.type === "radio") answer(claim, event.target.value);
    else if (["not_yet", "partly"].includes(answerOf(claim))) answer(claim, answerOf(claim));
  });
  root.addEventListener("focusin", (event) => {
    here = event.target.closest("fieldset.answer") ?? here;
  });
  root.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.submitter?.name === "all_met") give(open.map((claim) => ({ claim, to: "met", reason: saidOfMet(claim) })));
  });

  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.matches("textarea, input:not([type=radio]), select, audio, video");
    if (isTyping && event.key === "Escape") {
      const claim = event.target.closest("fieldset.answer");
      if (claim && !reasonOf(claim)) show(claim, claim.shown); // a "not yet" without a reason was not given
      return go(claim);
    }
    if (isTyping && event.key === "Enter" && (event.ctrlKey || event.metaKey)) return go(event.target.closest("fieldset.answer"));
    if (isTyping || event.altKey) return undefined;
    const key = event.key.toLowerCase();
    if ((event.ctrlKey || event.metaKey) && key === "z") undo();
    else if (event.ctrlKey || event.metaKey) return undefined;
    else if (key === "j" || key === "k") go(open[Math.min(Math.max(open.indexOf(here) + (key === "j" ? 1 : -1), 0), open.length - 1)]);
    else if (KEYS[key]) {
      if (!here) return go(open[0]);
      if (answer(here, KEYS[key])) go(open[open.indexOf(here) + 1] ?? here);
    } else return undefined;
    event.preventDefault();
    return undefined;
  });

  for (const claim of open) {
    claim.tabIndex = -1;
    claim.shown = answerOf(claim);
    claim.savedReason = claim.givenReason = reasonOf(claim);
  }
  root.classList.add("is-scripted");
  root.querySelector(".form-actions:not(.judge-onward)").hidden = true;
  root.querySelector(".judge-onward").hidden = false;
  undoButton.addEventListener("click", undo);

  // What an earlier page could not send.
  for (const mark of queue.restored()) {
    const claim = mark.e === root.dataset.piece && byAnchor.get(mark.c);
    if (!claim || !radio(claim, "met")) continue;
    mark.was = claim.shown;
    show(claim, mark.to);
    if (mark.reason) claim.querySelector("textarea").value = claim.givenReason = mark.reason;
    claim.classList.add("unsaved");
  }
  queue.send();
})();
