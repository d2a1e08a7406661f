/* Passkeys: a form that makes one, or signs in with one, asks the browser first. */

import { find } from "./dom.js";

/** @type {Record<string, string>} */
const SAID = {
  NotAllowedError: "Nothing was done: it was cancelled, or took too long. Try again.",
  InvalidStateError: "There is a passkey of yours on this device already.",
  SecurityError: "A passkey works at the real address of the site only, which begins with https.",
  TypeError: "This browser does not know passkeys yet, or the site does not answer. Use another way.",
};

/**
 * Asks the server what to ask the browser for, unless the page says it.
 * @param {HTMLFormElement} form
 */
async function optionsFor(form) {
  const said = document.getElementById("passkey-options");
  if (said) return JSON.parse(said.textContent).publicKey;
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  return (await answer.json()).request_options.publicKey;
}

/**
 * Has the browser make a passkey, or show that the person has one.
 * @param {HTMLFormElement} form
 */
async function asked(form) {
  const options = await optionsFor(form);
  return form.dataset.passkey === "create"
    ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
    : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
}

/** @param {HTMLFormElement} form */
function begin(form) {
  const refused = find("[data-refused]", HTMLElement, form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    refused.hidden = true;
    try {
      find("[name=credential]", HTMLInputElement, form).value = JSON.stringify(await asked(form));
      form.submit();
    } catch (error) {
      refused.textContent = SAID[error instanceof Error ? error.name : ""] ?? "That did not work. Try again later.";
      refused.hidden = false;
    }
  });
}

for (const form of document.querySelectorAll("form[data-passkey]")) if (form instanceof HTMLFormElement) begin(form);
