// @ts-check
// What is said of a session beside its messages: outages and notices, each once and where it came, and the session's last error at the end.

import { stamp } from "./dom.js";
import { words } from "./part.js";

export class RemarkList {
    constructor() {
        /** @type {{from: unknown, behind: string | undefined, element: HTMLElement}[]} */ this.remarks = [];
        this.error = stamp("note-part");
        this.error.dataset.remark = "error";
        this.error.classList.add("bad");
    }

    clear() {
        this.remarks = [];
    }

    /** An outage that is said again is the same one, by its beginning. @param {any} event @param {string | undefined} behind the message that was the last one */
    add(event, behind) {
        const known = event.type === "outage" ? this.remarks.find(remark => remark.from === event.from) : undefined;
        const element = known?.element ?? stamp("note-part");
        element.dataset.remark = event.type;
        element.textContent = event.type === "outage" ? outage(event) : words(event.text ?? event.kind);
        if (!known) this.remarks.push({ from: event.type === "outage" ? event.from : undefined, behind, element });
    }

    /** The remarks behind a message, or before all: there stand also those whose message is gone. @param {string | undefined} message @param {Set<string>} held */
    behind(message, held) {
        return this.remarks
            .filter(remark => (remark.behind !== undefined && held.has(remark.behind) ? remark.behind : undefined) === message)
            .map(remark => remark.element);
    }

    /** The last error, while there is one. @param {any} error @returns {HTMLElement[]} */
    failure(error) {
        if (!error) return [];
        this.error.textContent = words(error.message ?? error.name ?? "Something went wrong");
        return [this.error];
    }
}

/** @param {any} event */
function outage(event) {
    const time = (/** @type {number} */ at) => new Date(at).toLocaleTimeString();
    const when = `OpenCode could not be heard from ${time(event.from)} to ${time(event.to)}`;
    return event.healed ? `${when}; what it did has been read since.` : `${when}; what it did meanwhile may be missing here.`;
}
