// Makes the viewer (portfolio/files/_viewer.html) handier: places seek and scroll, a preview that is being prepared
// comes by itself, and a recording that the browser cannot play says so. Without it links lead to the same places.

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-seek], a[data-page]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!target) return;
  event.preventDefault();
  if (link.dataset.seek === undefined) showPage(target);
  else play(target, Number(link.dataset.seek));
});

function showPage(page) {
  history.replaceState(null, "", `#${page.id}`);
  page.scrollIntoView({ block: "start" });
  page.focus({ preventScroll: true });
}

function play(file, seconds) {
  const player = file.querySelector("audio, video");
  if (!player) return file.scrollIntoView();
  const seek = () => { player.currentTime = Math.min(seconds, player.duration || seconds); };
  if (player.readyState >= HTMLMediaElement.HAVE_METADATA) seek();
  else player.addEventListener("loadedmetadata", seek, { once: true });
  file.scrollIntoView({ block: "nearest" });
  player.focus({ preventScroll: true });
  player.play().catch(() => {}); // a browser may ask for a second press
}

// Errors do not bubble: they are caught on the way down.
document.addEventListener("error", (event) => {
  if (event.target.matches?.(".viewed audio, .viewed video")) unplayable(event.target);
}, true);

function unplayable(player) {
  player.closest(".viewed").querySelector("[data-unplayable]").hidden = false;
}

async function lookAgain(note, wait) {
  await new Promise((resolve) => setTimeout(resolve, wait));
  try {
    const answer = await fetch(note.dataset.viewer, { redirect: "error" });
    if (!answer.ok) return; // the link stays, and says more when it is followed
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".viewed");
    if (!fresh.querySelector("[data-viewer]")) return note.closest(".viewed").replaceWith(fresh);
  } catch { /* no connection just now */ }
  if (wait < 60000) lookAgain(note, wait * 1.5);
}

document.querySelectorAll(".viewed [data-viewer]").forEach((note) => lookAgain(note, 1000));
document.querySelectorAll(".viewed :is(audio, video)").forEach((player) => player.error && unplayable(player));
