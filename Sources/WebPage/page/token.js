// @ts-check
// The token: from the fragment of the URL that was opened (and out of the address bar again), else from this browser's storage, else asked.
// Any page may link here with a token of its own: one that the server does not take never replaces the one that is kept.

import { element } from "./dom.js";

const key = "reprise.token";
/** Where this server is. */
export const home = location.origin + location.pathname.replace(/\/[^/]*$/, "");
const refused = "The server does not take the token of this link; the one that you had stays";
let isAsking = false;
/** The page runs on a link's token that nobody could be asked about. */
let isUntried = false;

/** A URL with a token may be opened in a tab that shows the page already: it begins anew with it, at the session where it was. @param {(reason: string) => void} onRefusal */
export function watchAddress(onRefusal) {
    addEventListener("hashchange", async event => {
        const link = tokenOfAddress(new URL(event.oldURL).hash);
        if (!link || link === kept()) return;
        const isTaken = await tried(link);
        if (isTaken) begin(link);
        else onRefusal(isTaken === false ? refused : "Nobody answers: the token of this link was not tried");
    });
}

/** `refusal`: why the one of the link is not it. @returns {Promise<{token: string, refusal?: string}>} */
export async function takeToken() {
    const link = tokenOfAddress();
    if (!link) return { token: kept() ?? await ask() };
    const isTaken = await tried(link);
    if (isTaken === false) return { token: kept() ?? link, refusal: refused };
    // One that nobody could be asked about is good for as long as the page stands.
    if (isTaken) keep(link);
    isUntried = !isTaken;
    return { token: link };
}

/** Whether the server takes a token in place of the one that is kept; undefined where nobody can tell. @param {string} link @returns {Promise<boolean | undefined>} */
async function tried(link) {
    const known = kept();
    if (known === null || known === link) return true;
    const status = await statusFor(link);
    return status === 200 ? true : status === 401 ? false : undefined;
}

/** What the server says to it; undefined where nobody answers. @param {string} token @returns {Promise<number | undefined>} */
async function statusFor(token) {
    try {
        const headers = { Authorization: `Bearer ${token}` };
        return (await fetch(home + "/v1/sessions?limit=1", { headers, signal: AbortSignal.timeout(10000) })).status;
    } catch {
        return undefined;
    }
}

/** The token that the address names; another fragment comes in its place. @param {string} [hash] @returns {string | undefined} */
function tokenOfAddress(hash = "") {
    const match = /[#&]token=([A-Za-z0-9_-]+)/.exec(location.hash);
    if (!match) return undefined;
    history.replaceState(null, "", location.pathname + location.search + hash);
    return match[1];
}

/** The token was refused: another one is asked for, and the page begins anew with it. Behind a link's that is not known, with the one that is kept. */
export function renewToken() {
    if (isAsking) return;
    if (isUntried) return location.reload();
    keep(null);
    element("token-problem").hidden = false;
    ask().then(begin);
}

/** Where the browser keeps nothing, the address carries it over. @param {string} token */
function begin(token) {
    keep(token);
    if (kept() !== token) history.replaceState(null, "", "#token=" + token);
    location.reload();
}

/** @returns {Promise<string>} */
function ask() {
    isAsking = true;
    const dialog = /** @type {HTMLDialogElement} */ (element("sign-in"));
    const field = /** @type {HTMLInputElement} */ (element("token"));
    dialog.showModal();
    return new Promise(resolve => dialog.addEventListener("close", function closed() {
        // The form lets nothing else through, but it can be left in other ways.
        const token = /^\s*(?:.*[#&]token=)?([A-Za-z0-9_-]{22,128})(?:&.*)?\s*$/.exec(field.value)?.[1];
        if (!token) return dialog.showModal();
        dialog.removeEventListener("close", closed);
        keep(token);
        isAsking = false;
        resolve(token);
    }));
}

/** @returns {string | null} */
function kept() {
    try {
        return localStorage.getItem(key);
    } catch {
        return null;
    }
}

/** Where the browser forbids it, the token lasts as long as the page. @param {string | null} token */
function keep(token) {
    try {
        if (token === null) localStorage.removeItem(key);
        else localStorage.setItem(key, token);
    } catch {}
}
