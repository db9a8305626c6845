// @ts-check
// The token: from the fragment of the URL that was opened (and out of the address bar again), else from this browser's storage, else asked.

import { element } from "./dom.js";

let isAsking = false;

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

/** The token was refused: another one is asked for, and the page begins anew with it. */
export function renewToken() {
    if (isAsking) return;
    localStorage.removeItem(key);
    ask().then(() => location.reload());
}

/** @returns {Promise<string>} */
function ask() {
    isAsking = true;
    const dialog = /** @type {HTMLDialogElement} */ (element("sign-in"));
    dialog.showModal();
    return new Promise(resolve => dialog.addEventListener("close", () => {
        const token = /** @type {HTMLInputElement} */ (element("token")).value.trim();
        localStorage.setItem(key, token);
        isAsking = false;
        resolve(token);
    }, { once: true }));
}
