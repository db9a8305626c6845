// @ts-check
// What must outlive a reload of this tab, and is nobody else's: the browser keeps it as long as the tab, also while it has put the tab to sleep.

const prefix = "reprise.";

/** @param {string} name @param {any} otherwise what it is where nothing is kept */
export function recall(name, otherwise) {
    try {
        return JSON.parse(sessionStorage.getItem(prefix + name) ?? "null") ?? otherwise;
    } catch {
        return otherwise;
    }
}

/** Where the browser forbids it, or it is too much, nothing is kept. @param {string} name @param {any} value */
export function remember(name, value) {
    try {
        sessionStorage.setItem(prefix + name, JSON.stringify(value));
    } catch {}
}
