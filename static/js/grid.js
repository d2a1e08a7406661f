/* The grid of a unit: moving in it, claiming and judging cells, undo. Needs marks.js, which sends the changes.

   The page works without this script: each row leads to its piece, each column to its criterion. */

(() => {
  const root = document.getElementById("grid");
  const table = root?.querySelector("table.grid");
  if (!table) return;

  const { candidate } = root.dataset; // what the centre calls them
  const acts = root.dataset.acts; // claim, judge or read
  // How a claim can stand, from the server: by value, with words, letter, shape and rank.
  const STATUSES = Object.entries(JSON.parse(root.dataset.statuses)).sort(([, one], [, other]) => one.rank - other.rank);
  const byLetter = (what) => Object.fromEntries(STATUSES.map(([value, status]) => [status.letter, what(status, value)]));
  const IN_CELL = byLetter((status) => status.words);
  delete IN_CELL[""]; // an empty cell says nothing
  const WORDS = byLetter((status) => status.words[0].toLowerCase() + status.words.slice(1));
  const SHAPES = byLetter((status) => status.shape);
  const NAMES = byLetter((_, value) => value);
  const LETTERS = { ...Object.fromEntries(STATUSES.map(([value, status]) => [value, status.letter])), gone: "", waiting: "c" };
  const BEST_FIRST = STATUSES.map(([, status]) => status.letter).filter(Boolean);

  const rows = [...table.tBodies[0].rows];
  const heads = [...table.tHead.rows[table.tHead.rows.length - 1].cells];
  const anchors = heads.map((head) => lastPart(head.querySelector("a").pathname));
  const lines = new Map([...root.querySelectorAll(".grid-key li")].map((li) => [lastPart(li.querySelector("a").pathname), li]));
  const dock = document.getElementById("grid-dock");
  const { element } = Countersign;
  const says = document.getElementById("grid-says");
  const saving = document.querySelector(".grid-saving");
  const undoButton = document.getElementById("grid-undo");

  const narrow = matchMedia("(max-width: 40rem)");
  let here = null; // the cell that has the focus
  let corner = null; // where a selection began
  let selected = [];
  let asked = null; // a judged claim is taken back on the second press
  const history = [];
  const halfTyped = new Map(); // reasons that are not given yet, by cell
  const missing = document.getElementById("grid-missing");
  const range = root.dataset.range ? JSON.parse(root.dataset.range) : null;
  const [missingAtFirst, wantedAtFirst] = [Number(missing?.textContent), wanted()];
  let isToBeCounted = false;

  function lastPart(path) {
    return path.split("/").filter(Boolean).at(-1);
  }

  // --- Cells --------------------------------------------------------------------------------------------

  const letterOf = (td) => [...td.classList].find((name) => name.length === 1) ?? "";
  const pieceOf = (td) => {
    const link = td.parentElement.cells[0].querySelector("a");
    return { uuid: lastPart(link.pathname), number: link.querySelector("b").textContent, title: link.querySelector("bdi").textContent, href: link.getAttribute("href") };
  };
  const columnOf = (td) => td.cellIndex - 1;
  const cellAt = (uuid, anchor) => {
    const row = rows.find((row) => lastPart(row.cells[0].querySelector("a").pathname) === uuid);
    return row?.cells[anchors.indexOf(anchor) + 1] ?? null;
  };
  const codeOf = (td) => heads[columnOf(td)].textContent.trim();
  const wordsOf = (td) => {
    const link = lines.get(anchors[columnOf(td)]).querySelector("a");
    return link.textContent.trim().slice(link.querySelector("b").textContent.length).trim();
  };
  const named = (td) => `Evidence ${pieceOf(td).number}, ${codeOf(td)}: ${WORDS[letterOf(td)]}${td.classList.contains("unsaved") ? ", not saved yet" : ""}`;

  function paint(td, letter) {
    for (const old of Object.keys(IN_CELL)) td.classList.remove(old);
    if (letter) td.classList.add(letter);
    td.textContent = IN_CELL[letter] ?? "";
    if (!letter && !td.classList.length) td.removeAttribute("class");
    summarise(columnOf(td));
    retell(td);
    if (td === here && !dock.querySelector("form")) show(td); // nobody loses a reason half typed
  }

  /* What says how the cell stands besides itself: its piece on a phone, and its name for who hears the page. */
  function retell(td) {
    if (td.mirror) mirror(td.mirror, td);
    if (td.hasAttribute("aria-label")) td.setAttribute("aria-label", named(td));
  }

  function setUnsaved(td, isUnsaved) {
    td.classList.toggle("unsaved", isUnsaved);
    retell(td);
    if (!td.classList.length) td.removeAttribute("class");
  }

  /* How the criterion stands as the best of its claims does; only where all its pieces are on the page. */
  function summarise(column) {
    if (!("whole" in root.dataset)) return;
    const letters = rows.map((row) => letterOf(row.cells[column + 1]));
    const best = BEST_FIRST.find((letter) => letters.includes(letter)) ?? "";
    for (const thing of [heads[column], lines.get(anchors[column])]) {
      for (const old of Object.keys(IN_CELL)) thing.classList.remove(old);
      if (best) thing.classList.add(best);
      else if (!thing.classList.length) thing.removeAttribute("class");
    }
    lines.get(anchors[column]).querySelector(":scope > i").textContent = best ? IN_CELL[best] : "Nothing yet";
    if (missing && !isToBeCounted) queueMicrotask(count); // once, however many cells are pressed together
    isToBeCounted = true;
  }

  function count() {
    isToBeCounted = false;
    missing.textContent = missingAtFirst + wanted() - wantedAtFirst;
  }

  /* How many columns lack something. A range item may have to be shown for several elements. */
  function wanted() {
    const isEnough = (cell) => [...root.dataset.enough].some((letter) => cell.classList.contains(letter));
    const places = rows.map((_, place) => place);
    const piecesIn = (anchor) => {
      const column = anchors.indexOf(anchor) + 1;
      return column ? places.filter((place) => isEnough(rows[place].cells[column])) : (range.hidden[anchor] ?? []);
    };
    const plain = heads.filter((head, place) => !anchors[place].startsWith("range-") && !isEnough(head)).length;
    return plain + (range ? Countersign.rangeMissing(range, piecesIn) : 0);
  }

  // --- Changes ------------------------------------------------------------------------------------------

  const seenIn = (td) => td.seen ?? (td.dataset.s ?? "");
  const queue = new MarkQueue(root, {
    banner: document.getElementById("grid-unsaved"),
    named: ({ e, c, to, reason }) => {
      const td = cellAt(e, c);
      return td ? `${codeOf(td)} of evidence ${pieceOf(td).number}: ${WORDS[LETTERS[to] ?? "c"]}${reason ? ` (${reason})` : ""}` : "";
    },
    settled: (mark, result) => {
      const td = cellAt(mark.e, mark.c);
      if (!td) return false;
      td.seen = result.stamp;
      if (mark.reason) td.lastReason = mark.reason;
      setUnsaved(td, false);
      td.refused = result.refused ?? "";
      paint(td, LETTERS[result.status]);
      if (!result.refused) return false;
      forget(td);
      return td === here && dock.textContent.includes(td.refused);
    },
    givenBack: (mark) => {
      const td = cellAt(mark.e, mark.c);
      if (!td) return;
      setUnsaved(td, false);
      forget(td);
      paint(td, LETTERS[mark.was]);
    },
    says: (words) => {
      saving.hidden = false;
      document.getElementById("grid-saved").textContent = words;
    },
    read: () => (here ?? rows[0].cells[1]).focus(),
  });

  function change(td, letter, reason = "") {
    const was = letterOf(td);
    const to = letter === "" ? "empty" : letter === "c" ? (was === "" ? "claimed" : "waiting") : NAMES[letter];
    queue.add({ e: pieceOf(td).uuid, c: anchors[columnOf(td)], to, reason, seen: seenIn(td), was: NAMES[was] });
    td.refused = "";
    paint(td, letter);
    setUnsaved(td, true);
    return { td, from: was, reason: td.lastReason ?? "" };
  }

  // --- What a press does ----------------------------------------------------------------------------------

  function act(wanted, reason = "") {
    const cells = selected.length ? selected : here ? [here] : [];
    const group = cells.filter((td) => can(td, wanted)).map((td) => change(td, wanted, reason));
    if (group.length) {
      history.push(group);
      if (undoButton) undoButton.disabled = false;
      saving.hidden = false;
      announce(group.length === 1 ? named(group[0].td) : `${group.length} cells: ${WORDS[wanted]}`);
      queue.send();
    } else if (cells.length) {
      problem(why(cells[0], wanted));
    }
  }

  function can(td, wanted) {
    const letter = letterOf(td);
    if (letter === wanted && wanted !== "n") return false;
    if (acts === "claim") return wanted === "c" ? letter === "" : wanted === "" && letter !== "";
    if (acts !== "judge" || letter === "b") return false;
    if (wanted === "") return letter === "c";
    // Several at once are claimed, or their judgements taken back, as the one at hand is: never both.
    return wanted === "c" ? (letter === "") === (letterOf(here) === "") : letter !== "";
  }

  function why(td, wanted) {
    const letter = letterOf(td);
    if (acts === "read") return "You can look at this grid, and not change it.";
    if (letter === "b") return "This unit does not take this evidence for it. Open it to see why.";
    if (acts === "judge" && letter === "") return `Nobody has claimed this yet. Press space to claim it for the ${candidate}, then judge it.`;
    return letter === wanted ? `It is “${WORDS[letter]}” already.` : "That cannot be done here.";
  }

  /* Space: claims what is empty and takes back what waits; an assessor answers "met", and takes that back. */
  function toggle() {
    const letter = letterOf(here);
    if (letter === "") return act("c");
    if (acts === "judge") return act(letter === "m" ? "c" : "m");
    const judged = (selected.length ? selected : [here]).filter((td) => "mpn".includes(letterOf(td) || " "));
    if (judged.length && asked !== here) {
      asked = here;
      return problem(`${codeOf(here)} was judged “${WORDS[letterOf(judged[0])]}”. Taking the claim back loses that: press again to take it back all the same.`);
    }
    asked = null;
    return act("");
  }

  function undo() {
    const group = history.pop();
    undoButton.disabled = !history.length;
    if (!group) return;
    for (const { td, from, reason } of group) {
      if (acts === "claim") change(td, from && "c"); // what was said of a claim that was taken back stays lost
      else if (from === "n" && !reason) problem(`Say again why ${codeOf(td)} is not yet met.`);
      else change(td, from, from === "n" ? reason : "");
    }
    announce(`Undone: ${group.length === 1 ? named(group[0].td) : `${group.length} cells`}`);
    queue.send();
  }

  function forget(td) {
    Countersign.forget(history, (one) => one.td === td);
    if (undoButton) undoButton.disabled = !history.length;
  }

  function announce(words) {
    says.textContent = words;
  }

  function problem(words) {
    show(here);
    dock.append(element("p", { className: "problem", textContent: words }));
    dock.hidden = false;
    announce(words);
  }

  // --- The words of the cell at hand ------------------------------------------------------------------------

  function show(td) {
    if (narrow.matches) {
      dock.replaceChildren(); // the words stand on the page already
      dock.hidden = true;
      return;
    }
    const piece = pieceOf(td);
    const several = selected.length > 1;
    const words = element("p", {}, element("strong", { className: "code", textContent: codeOf(td) }), ` ${wordsOf(td)}`);
    const title = element("bdi", { textContent: piece.title });
    const where = several
      ? element("p", { className: "quiet", textContent: `${selected.length} cells taken in` })
      : element("p", { className: "quiet" }, `Evidence ${piece.number}: `, title, `. ${WORDS[letterOf(td)][0].toUpperCase()}${WORDS[letterOf(td)].slice(1)}.`);
    const buttons = element("div", { className: "actions" }, ...offers(td, several));
    dock.replaceChildren(element("div", {}, words, where), buttons);
    if (td.refused && !several) dock.append(element("p", { className: "problem", role: "alert", textContent: td.refused }));
    dock.hidden = false;
  }

  function offers(td, several) {
    const offer = (textContent, press, name = "btn-outline-secondary") => {
      const button = element("button", { type: "button", className: `btn btn-sm ${name}`, textContent });
      button.addEventListener("click", press);
      return button;
    };
    const letter = letterOf(td);
    const offered = [];
    const isClaimable = letter === "" && !td.refused;
    if (acts === "claim" && isClaimable) offered.push(offer("Claim", () => act("c"), "btn-primary"));
    if (acts === "claim" && letter !== "") offered.push(offer("Take back", toggle));
    if (acts === "judge" && isClaimable) offered.push(offer(`Claim for the ${candidate}`, () => act("c")));
    if (acts === "judge" && letter !== "" && letter !== "b") {
      offered.push(offer("Met", () => act("m"), "btn-primary"), offer("In part", () => act("p")), offer("Not yet", askWhy));
      if (letter !== "c") offered.push(offer("Take back", () => act("c")));
    }
    if (!several) offered.push(element("a", { className: "btn btn-sm btn-outline-secondary", href: openOf(td), textContent: "Open" }));
    return offered;
  }

  const openOf = (td) => `${pieceOf(td).href}#${anchors[columnOf(td)]}`;

  function askWhy() {
    const cells = selected.length ? selected : [here];
    if (!cells.some((td) => can(td, "n"))) return problem(why(here, "n"));
    const field = element("textarea", { className: "form-control", rows: 2, maxLength: 5000, required: true });
    const label = element("label", {}, `What is missing, in a sentence for the ${candidate}`, field);
    const save = element("button", { className: "btn btn-sm btn-primary", textContent: "Not yet" });
    const cancel = element("button", { type: "button", className: "btn btn-sm btn-outline-secondary", textContent: "Cancel" });
    const form = element("form", {}, label, save, cancel);
    const [asking] = cells;
    field.value = halfTyped.get(asking) ?? ""; // before something else was looked at
    field.addEventListener("input", () => (field.value.trim() ? halfTyped.set(asking, field.value) : halfTyped.delete(asking)));
    const back = () => {
      const td = here;
      halfTyped.delete(asking);
      form.remove();
      td.focus();
    };
    cancel.addEventListener("click", back);
    form.addEventListener("keydown", (event) => event.key === "Escape" && back());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const reason = field.value.trim();
      if (!reason) return;
      form.remove();
      halfTyped.delete(asking);
      act("n", reason);
      here.focus();
    });
    show(here);
    dock.append(form);
    field.focus();
    return undefined;
  }

  // --- Moving -------------------------------------------------------------------------------------------------

  function go(td, { extend = false } = {}) {
    if (!td) return;
    if (here && here !== td) here.tabIndex = -1;
    if (extend) corner ??= here;
    else corner = null;
    here = td;
    td.tabIndex = 0;
    select(corner ? between(corner, td) : []);
    for (const head of heads) head.classList.toggle("here", head === heads[columnOf(td)]);
    td.setAttribute("aria-label", named(td));
    if (document.activeElement !== td) td.focus({ preventScroll: true });
    reveal(td);
    show(td);
  }

  function select(cells) {
    for (const td of selected) td.removeAttribute("aria-selected");
    selected = cells.length > 1 ? cells : [];
    for (const td of selected) td.setAttribute("aria-selected", "true");
  }

  function between(one, other) {
    const [top, bottom] = [rows.indexOf(one.parentElement), rows.indexOf(other.parentElement)].sort((a, b) => a - b);
    const [left, right] = [one.cellIndex, other.cellIndex].sort((a, b) => a - b);
    return rows.slice(top, bottom + 1).flatMap((row) => [...row.cells].slice(left, right + 1));
  }

  /* Not under the head or the first column, which stay put. */
  function reveal(td) {
    const frame = root.querySelector(".grid-scroll");
    const [cell, box] = [td.getBoundingClientRect(), frame.getBoundingClientRect()];
    const left = box.left + rows[0].cells[0].offsetWidth;
    const top = box.top + table.tHead.offsetHeight;
    if (cell.left < left) frame.scrollLeft -= left - cell.left;
    else if (cell.right > box.right - 12) frame.scrollLeft += cell.right - box.right + 12;
    if (cell.top < top) frame.scrollTop -= top - cell.top;
    else if (cell.bottom > box.bottom - 12) frame.scrollTop += cell.bottom - box.bottom + 12;
    const after = td.getBoundingClientRect();
    const foot = dock.parentElement.getBoundingClientRect().top;
    if (after.bottom > foot) scrollBy(0, after.bottom - foot + 8);
    else if (after.top < 0) scrollBy(0, after.top - 8);
  }

  const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0], PageUp: [-10, 0], PageDown: [10, 0] };

  table.addEventListener("keydown", (event) => {
    const td = event.target.closest("td");
    if (!td || event.altKey) return;
    const key = event.key.toLowerCase();
    if (event.ctrlKey || event.metaKey) {
      if (key === "z" && acts !== "read") undo();
      else if (event.key === "Home") go(rows[0].cells[1]);
      else if (event.key === "End") go(rows.at(-1).cells[anchors.length]);
      else return;
    } else if (STEPS[event.key]) {
      const [down, right] = STEPS[event.key];
      const row = rows[Math.min(Math.max(rows.indexOf(td.parentElement) + down, 0), rows.length - 1)];
      go(row.cells[Math.min(Math.max(td.cellIndex + right, 1), anchors.length)], { extend: event.shiftKey });
    } else if (event.key === "Home") go(td.parentElement.cells[1], { extend: event.shiftKey });
    else if (event.key === "End") go(td.parentElement.cells[anchors.length], { extend: event.shiftKey });
    else if (event.key === "Escape") go(td);
    else if (event.key === "Enter") location.assign(openOf(td));
    else if (event.key === " ") toggle();
    else if (acts === "judge" && key === "m") act("m");
    else if (acts === "judge" && key === "p") act("p");
    else if (acts === "judge" && key === "n") askWhy();
    else if (acts === "judge" && (event.key === "Delete" || event.key === "Backspace")) act("");
    else return;
    event.preventDefault();
  });

  table.addEventListener("click", (event) => {
    const td = event.target.closest("td");
    if (!td || event.shiftKey) return;
    go(td);
    if (acts === "claim") toggle();
  });
  table.addEventListener("mousedown", (event) => {
    const td = event.target.closest("td");
    if (!td || !event.shiftKey) return;
    event.preventDefault(); // else the cell has the focus before what lies between is taken in
    go(td, { extend: true });
  });
  table.addEventListener("focusin", (event) => {
    const td = event.target.closest("td");
    if (td && td !== here) go(td);
  });

  // --- On a phone: one criterion a row, its pieces under it ----------------------------------------------------

  function mirror(button, td) {
    const letter = letterOf(td);
    const shape = button.querySelector(".outcome");
    shape.className = `outcome outcome-${SHAPES[letter]}`;
    shape.textContent = td.classList.contains("unsaved") ? "Not saved yet" : letter ? IN_CELL[letter] : "Nothing yet";
    button.classList.toggle("unsaved", td.classList.contains("unsaved"));
    if (acts === "claim") button.setAttribute("aria-pressed", String(letter !== ""));
  }

  function unfold(li, column) {
    dock.hidden = true; // what it said was about another criterion
    const open = li.querySelector(".grid-pieces");
    const link = li.querySelector("a");
    link.setAttribute("aria-expanded", String(!open));
    if (open) return open.remove();
    const buttons = rows.map((row) => {
      const td = row.cells[column + 1];
      const piece = pieceOf(td);
      const inside = [element("b", { textContent: piece.number }), element("bdi", { textContent: piece.title }), element("span", { className: "outcome" })];
      const button =
        acts === "claim"
          ? element("button", { type: "button", className: "grid-piece" }, ...inside)
          : element("a", { className: "grid-piece", href: openOf(td) }, ...inside);
      if (acts === "claim")
        button.addEventListener("click", () => {
          if (here !== td) [here, corner, asked] = [td, null, null];
          select([]);
          toggle();
        });
      td.mirror = button;
      mirror(button, td);
      return button;
    });
    const more = element("a", { href: link.getAttribute("href"), textContent: "All about this criterion" });
    li.append(element("div", { className: "grid-pieces" }, ...buttons, more));
    return undefined;
  }

  for (const [column, anchor] of anchors.entries()) {
    const li = lines.get(anchor);
    const link = li.querySelector("a");
    if (narrow.matches) link.setAttribute("aria-expanded", "false");
    link.addEventListener("click", (event) => {
      if (!narrow.matches || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      unfold(li, column);
    });
  }

  // --- To begin with ----------------------------------------------------------------------------------------------

  table.setAttribute("role", "grid");
  root.querySelector(".grid-scroll").removeAttribute("tabindex");
  for (const row of rows) for (const td of row.cells) if (td.tagName === "TD") td.tabIndex = -1;
  rows[0].cells[1].tabIndex = 0;
  undoButton?.addEventListener("click", undo);
  addEventListener("beforeunload", (event) => {
    if (halfTyped.size) event.preventDefault();
  });

  // What an earlier page could not send: shown as unsaved, and sent now.
  for (const mark of queue.restored()) {
    const td = cellAt(mark.e, mark.c);
    if (!td) continue;
    mark.was = NAMES[letterOf(td)];
    paint(td, LETTERS[mark.to]);
    setUnsaved(td, true);
  }
  if (acts === "read") queue.giveBackAll("This unit cannot be changed here any more.");
  else queue.send();
})();
