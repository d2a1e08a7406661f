/* Sends the presses of a page: the grid, or the judging of a piece. */

import { button, element } from "../dom.js";
import { KeptPresses } from "./kept.js";
import { PressSending } from "./sending.js";
import { post } from "./server.js";

/** @import { PressNotice, PressPage } from "./sending.js" */

/**
 * Begins to send.
 * @param {HTMLElement} root has `data-marks`, where to send to, `data-person` and `data-unit`, whose page of what it is
 * @param {PressPage & { banner: HTMLElement, read: () => void }} page `banner` says what is not saved; `read` is where
 *   the focus goes once that was read
 */
export function sendPresses(root, page) {
  // Each page keeps its own, as two may be open; the next one takes over what an earlier one has left.
  const kept = new KeptPresses(
    () => localStorage,
    `countersign.marks.${root.dataset.person}.${root.dataset.unit}.`,
    crypto.getRandomValues(new Uint32Array(2)).join(""),
  );
  const sending = new PressSending({ kept, post: (presses) => post(root, presses), page, notice: noticeIn(page) });
  addEventListener("online", () => sending.send());
  addEventListener("storage", () => sending.handOver());
  addEventListener("beforeunload", (event) => {
    if (sending.isAtRisk) event.preventDefault();
  });
  document.documentElement.dataset.anew = ""; // who comes back to the page has it anew: remembered_page.js
  return sending;
}

/**
 * @param {{ banner: HTMLElement, read: () => void }} page
 * @returns {PressNotice}
 */
function noticeIn({ banner, read }) {
  const hide = () => {
    banner.hidden = true;
  };
  return {
    hide,
    unsent(words, { isSignedOut, send, drop }) {
      const again = isSignedOut ? button("Sign in", () => location.reload()) : button("Send now", send);
      const actions = element("div", { className: "actions" }, again, button("Do not send", drop));
      banner.replaceChildren(element("p", { textContent: words }), actions);
      banner.hidden = false;
    },
    tell(sentences) {
      const close = button("I have read it", () => {
        hide();
        read();
      });
      banner.replaceChildren(...sentences.map((textContent) => element("p", { textContent })), close);
      banner.hidden = false;
    },
  };
}
