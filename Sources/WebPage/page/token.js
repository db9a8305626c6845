// @ts-check
// The token: from the fragment of the URL that was opened (and out of the address bar again), else from this browser's storage, else asked.

import { element } from "./dom.js";

const key = "reprise.token";

/** @returns {Promise<string>} */
export async function takeToken() {
    const match = /[#&]token=([A-Za-z0-9_-]+)/.exec(location.hash);
    if (match) {
        localStorage.setItem(key, match[1]);
        history.replaceState(null, "", location.pathname + location.search);
        return match[1];
    }
    return localStorage.getItem(key) ?? ask();
}

/** The token was refused: forget it, so that the next load asks. */
export function forgetToken() {
    localStorage.removeItem(key);
}

/** @returns {Promise<string>} */
function ask() {
    const dialog = /** @type {HTMLDialogElement} */ (element("sign-in"));
    dialog.showModal();
    return new Promise(resolve => dialog.addEventListener("close", () => {
        const token = /** @type {HTMLInputElement} */ (element("token")).value.trim();
        localStorage.setItem(key, token);
        resolve(token);
    }, { once: true }));
}
