// @ts-check
// The token: from the fragment of the URL that was opened (and out of the address bar again), else from this browser's storage, else asked.

import { element } from "./dom.js";

let isAsking = false;

const key = "reprise.token";

// A URL with a token may be opened in a tab that shows the page already: it begins anew with it, at the session where it was.
addEventListener("hashchange", event => {
    if (tokenOfAddress(new URL(event.oldURL).hash)) location.reload();
});

/** @returns {Promise<string>} */
export async function takeToken() {
    return tokenOfAddress() ?? localStorage.getItem(key) ?? ask();
}

/** Keeps the token that the address names, and leaves another fragment in its place. @param {string} [hash] @returns {string | undefined} */
function tokenOfAddress(hash = "") {
    const match = /[#&]token=([A-Za-z0-9_-]+)/.exec(location.hash);
    if (!match) return undefined;
    localStorage.setItem(key, match[1]);
    history.replaceState(null, "", location.pathname + location.search + hash);
    return match[1];
}

/** The token was refused: another one is asked for, and the page begins anew with it. */
export function renewToken() {
    if (isAsking) return;
    localStorage.removeItem(key);
    element("token-problem").hidden = false;
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
