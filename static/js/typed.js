/* Keeps a page on which something was typed and not sent: `<form data-ask>`. It asks before it is left, and sends
   nothing without a connection, as the browser would put its own page in the place of this one.

   A form with `data-ask="refused"` holds what was typed and not saved from the beginning. A password is typed again
   anyway. Without this script nothing asks; going back in the browser then often finds what was typed. */

(() => {
  const forms = [...document.querySelectorAll("form[data-ask]")];
  let sent = false;
  let isReached = false;

  /* Whether a field is not as the page brought it. */
  function changed(field) {
    switch (field.type) {
      case "hidden":
      case "password":
      case "submit":
        return false;
      case "checkbox":
      case "radio":
        return field.checked !== field.defaultChecked;
      case "file":
        return field.files.length > 0;
      case "select-one":
        return field.selectedIndex !== Math.max(0, [...field.options].findIndex((one) => one.defaultSelected));
      default:
        return field.value !== field.defaultValue;
    }
  }

  /* Say over the buttons that nothing was sent, and when it can be. */
  function tell(form, button) {
    form.querySelector(".form-unsent")?.remove();
    const words = document.createElement("p");
    words.className = "form-unsent alert alert-warning";
    words.setAttribute("role", "alert");
    form.querySelector(".form-actions").prepend(words);
    words.textContent = "No connection, so nothing was sent. All of it is still here.";
    addEventListener("online", () => {
      words.textContent = `The connection is back. Nothing was sent yet: press “${button.textContent}” again.`;
    }, { once: true });
  }

  for (const form of forms)
    form.addEventListener("submit", (event) => {
      sent = navigator.onLine || isReached;
      isReached = false;
      if (sent) return;
      event.preventDefault();
      const button = event.submitter ?? form.querySelector(".btn-primary");
      // A site on this very machine is there without any network: only asking it tells.
      fetch(location.href, { method: "HEAD", cache: "no-store" }).then(
        () => {
          isReached = true;
          form.requestSubmit(button);
        },
        () => tell(form, button),
      );
    });
  // Who comes back to the page as it stood begins anew.
  addEventListener("pageshow", () => { sent = false; });
  addEventListener("beforeunload", (event) => {
    const typed = (form) => form.dataset.ask === "refused" || [...form.elements].some(changed);
    if (!sent && forms.some(typed)) event.preventDefault();
  });
})();
