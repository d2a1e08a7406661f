/* What the address names is unfolded: not every browser does so by itself. */

function unfold() {
  const named = document.getElementById(location.hash.slice(1));
  if (!named) return;
  for (let fold = named.closest("details"); fold; fold = fold.parentElement?.closest("details") ?? null) fold.open = true;
  named.scrollIntoView();
}

addEventListener("hashchange", unfold);
unfold();
