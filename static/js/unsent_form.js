/* Keeps a page on which something was typed and not sent: `<form data-ask>`. It asks before it is left, and sends
   nothing without a connection, as the browser would put its own page in the place of this one.

   A form with `data-ask="refused"` holds what was typed and not saved from the beginning. A password is typed again
   anyway. Without this script nothing asks; going back in the browser then often finds what was typed. */

const forms = /** @type {HTMLFormElement[]} */ ([...document.querySelectorAll("form[data-ask]")]);
let isSent = false;
let isReached = false;

/**
 * Whether a field is not as the page brought it.
 * @param {Element} field
 */
function isChanged(field) {
  if (field instanceof HTMLSelectElement)
    return field.selectedIndex !== Math.max(0, [...field.options].findIndex((one) => one.defaultSelected));
  if (field instanceof HTMLTextAreaElement) return field.value !== field.defaultValue;
  if (!(field instanceof HTMLInputElement)) return false;
  switch (field.type) {
    case "hidden":
      return field.dataset.arrived !== undefined; // a file that was chosen and has gone ahead
    case "password":
    case "submit":
      return false;
    case "checkbox":
    case "radio":
      return field.checked !== field.defaultChecked;
    case "file":
      return (field.files?.length ?? 0) > 0;
    default:
      return field.value !== field.defaultValue;
  }
}

/**
 * Says over the buttons that nothing was sent, and when it can be.
 * @param {HTMLFormElement} form
 * @param {HTMLElement | null} button
 */
function tell(form, button) {
  form.querySelector(".form-unsent")?.remove();
  const words = document.createElement("p");
  words.className = "form-unsent alert alert-warning";
  words.setAttribute("role", "alert");
  form.querySelector(".form-actions")?.prepend(words);
  words.textContent = "No connection, so nothing was sent. All of it is still here.";
  const tellOfConnection = () => {
    words.textContent = `The connection is back. Nothing was sent yet: press “${button?.textContent}” again.`;
  };
  addEventListener("online", tellOfConnection, { once: true });
}

for (const form of forms)
  form.addEventListener("submit", (event) => {
    isSent = navigator.onLine || isReached;
    isReached = false;
    if (isSent) return;
    event.preventDefault();
    const button = event.submitter ?? /** @type {HTMLElement | null} */ (form.querySelector(".btn-primary"));
    const sendAgain = () => {
      isReached = true;
      form.requestSubmit(button);
    };
    // A site on this very machine is there without any network: only asking it tells.
    fetch(location.href, { method: "HEAD", cache: "no-store" }).then(sendAgain, () => tell(form, button));
  });
// Who comes back to the page as it stood begins anew.
addEventListener("pageshow", () => {
  isSent = false;
});
addEventListener("beforeunload", (event) => {
  const isTyped = forms.some((form) => form.dataset.ask === "refused" || [...form.elements].some(isChanged));
  if (!isSent && isTyped) event.preventDefault();
});
