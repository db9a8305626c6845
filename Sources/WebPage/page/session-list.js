// @ts-check
// The list at the side: read once, then kept by the lobby's topic; read again after a gap there.

import { element, setText, showProblem, stamp } from "./dom.js";

export class SessionList {
    /** @param {import("./reprise.js").Reprise} server @param {(id: string) => void} onChoose */
    constructor(server, onChoose) {
        this.server = server;
        this.onChoose = onChoose;
        /** @type {Map<string, any>} */
        this.entries = new Map();
        /** @type {Map<string, HTMLElement>} */
        this.items = new Map();
        /** @type {string | null} */
        this.selected = null;
        /** @type {import("./reprise.js").Subscription | null} */
        this.subscription = null;
    }

    async start() {
        await this.read();
    }

    async read() {
        this.subscription?.close();
        this.subscription = null;
        const body = await this.server.sessions({ limit: 200 });
        this.entries = new Map(body.sessions.map((/** @type {any} */ entry) => [entry.id, entry]));
        this.show();
        this.subscription?.close();
        this.subscription = this.server.subscribeToTopic("lobby", {
            after: body.position,
            onEvent: line => this.receive(line.event),
            onControl: line => { if (line.type === "gap") this.read().catch(showProblem); },
            onEnd: showProblem,
        });
    }

    wake() {
        this.subscription?.wake();
    }

    /** @param {any} event */
    receive(event) {
        if (event.type === "entry") this.entries.set(event.entry.id, event.entry);
        if (event.type === "entry.removed") this.entries.delete(event.id);
        this.show();
    }

    sorted() {
        return [...this.entries.values()].filter(entry => !entry.parent && !entry.archived).sort((a, b) => b.updated - a.updated);
    }

    first() {
        return this.sorted()[0]?.id;
    }

    /** @param {string} id */
    select(id) {
        this.selected = id;
        this.show();
    }

    show() {
        const entries = this.sorted();
        const place = element("sessions");
        for (const [id, item] of this.items) if (!this.entries.has(id)) { item.remove(); this.items.delete(id); }
        entries.forEach((entry, index) => {
            const item = this.items.get(entry.id) ?? this.make(entry.id);
            this.fill(item, entry);
            if (place.children[index] !== item) place.insertBefore(item, place.children[index] ?? null);
        });
    }

    /** @param {string} id */
    make(id) {
        const item = stamp("session-item");
        const link = /** @type {HTMLAnchorElement} */ (item.firstElementChild);
        link.href = "#" + id;
        link.addEventListener("click", event => { event.preventDefault(); this.onChoose(id); });
        this.items.set(id, item);
        return item;
    }

    /** @param {HTMLElement} item @param {any} entry */
    fill(item, entry) {
        const asks = (entry.waiting?.permissions ?? 0) + (entry.waiting?.questions ?? 0);
        const status = entry.gone ? "gone" : asks ? "asks" : entry.status === "idle" ? "" : entry.status;
        setText(item, ".name", entry.title || entry.last || "New session");
        setText(item, ".where", (entry.directory ?? "").split("/").pop() ?? "");
        setText(item, ".badge", status);
        const badge = /** @type {HTMLElement} */ (item.querySelector(".badge"));
        badge.dataset.tone = asks ? "wait" : status ? "busy" : "";
        item.firstElementChild?.toggleAttribute("aria-current", entry.id === this.selected);
    }
}
