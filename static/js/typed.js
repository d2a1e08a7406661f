/* Asks before a page is left on which something was typed and not sent: `<form data-ask>`.

   A form with `data-ask="refused"` holds what was typed and not saved from the beginning. A password is typed again
   anyway. Without this script nothing asks; going back in the browser then often finds what was typed. */

(() => {
  const forms = [...document.querySelectorAll("form[data-ask]")];
  let sent = false;

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

  for (const form of forms) form.addEventListener("submit", () => { sent = true; });
  // Who comes back to the page as it stood begins anew.
  addEventListener("pageshow", () => { sent = false; });
  addEventListener("beforeunload", (event) => {
    const typed = (form) => form.dataset.ask === "refused" || [...form.elements].some(changed);
    if (!sent && forms.some(typed)) event.preventDefault();
  });
})();
