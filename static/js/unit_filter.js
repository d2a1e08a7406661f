// Filters the units of a form by what is typed. Without this script all of them are shown, group by group.
(() => {
  const box = document.querySelector("[data-unit-filter]");
  if (!box) return;
  const lines = [...document.querySelectorAll("[data-unit-line]")];
  if (lines.length < 12) return; // all of them fit on a screen or two
  const groups = [...document.querySelectorAll("[data-unit-group]")];
  const typed = box.querySelector("input");
  const count = box.querySelector("[data-unit-count]");
  const words = new Map(lines.map((line) => [line, line.textContent.toLowerCase().replace(/\s+/g, " ")]));

  const show = () => {
    const wanted = typed.value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const line of lines) {
      const ticked = line.querySelector("input:checked"); // what is chosen is never hidden
      line.hidden = !ticked && !wanted.every((word) => words.get(line).includes(word));
      if (!line.hidden) found += 1;
    }
    for (const group of groups) group.hidden = !group.querySelector("[data-unit-line]:not([hidden])");
    count.textContent = wanted.length ? `${found} of ${lines.length} units` : "";
  };

  box.hidden = false;
  typed.addEventListener("input", show);
  typed.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault(); // a search does not register anybody
  });
})();
