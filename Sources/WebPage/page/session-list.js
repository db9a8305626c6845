// @ts-check
// The list at the side: its newest page is read, older ones when its end comes in sight; the lobby's topic keeps it. Read again after a gap there.

import { element, setText, showProblem, stamp } from "./dom.js";
import { words } from "./part.js";

/** Rows that are asked for at a time: the most that the server gives. */
const pageRows = 200;

export class SessionList {
    /** @param {import("./reprise.js").Reprise} server @param {(id: string) => void} onChoose */
    constructor(server, onChoose) {
        this.server = server;
        this.onChoose = onChoose;
        /** @type {Map<string, any>} */
        this.entries = new Map();
        /** Where the lobby's topic stood when an entry, or its removal, was said. @type {Map<string, string>} */
        this.said = new Map();
        /** @type {string | undefined} */
        this.cursor = undefined;
        this.isReading = false;
        /** @type {Map<string, HTMLElement>} */
        this.items = new Map();
        /** @type {string | null} */
        this.selected = null;
        /** @type {import("./reprise.js").Subscription | null} */
        this.subscription = null;
        this.end = element("more-sessions");
        this.end.addEventListener("click", () => this.more());
        /** The end of the list comes in sight: more is read. */
        this.sight = new IntersectionObserver(seen => { if (seen.some(entry => entry.isIntersecting)) this.more(); });
    }

    /** Reads the newest, then follows the lobby. */
    async read() {
        this.subscription?.close();
        this.subscription = null;
        const body = await this.page(undefined);
        [this.entries, this.said] = [new Map(), new Map()];
        this.take(body);
        this.subscription = this.server.subscribeToTopic("lobby", {
            after: body.position,
            onEvent: line => this.receive(line),
            onControl: line => { if (line.type === "gap") this.read().catch(showProblem); },
            onEnd: showProblem,
        });
    }

    /** Reads on where the last page ended. */
    async more() {
        const cursor = this.cursor;
        if (!cursor || this.isReading) return;
        this.isReading = true;
        try {
            const body = await this.page(cursor);
            if (this.cursor === cursor) this.take(body);
        } catch (error) {
            showProblem(error);
        } finally {
            this.isReading = false;
        }
    }

    /** @param {string | undefined} cursor */
    async page(cursor) {
        const state = element("list-state");
        const body = await this.server.persist(() => this.server.sessions({ limit: pageRows, cursor }), {
            onWait: reason => {
                state.textContent = `The sessions cannot be read, trying again (${reason.message})`;
                state.hidden = false;
            },
        });
        state.hidden = true;
        return body;
    }

    /** What the lobby has said behind the page's position stays. @param {any} body */
    take(body) {
        for (const entry of body.sessions) {
            if ((this.said.get(entry.id) ?? "") > body.position) continue;
            this.entries.set(entry.id, entry);
            this.said.set(entry.id, body.position);
        }
        this.cursor = body.cursor;
        this.end.hidden = !body.cursor;
        this.show();
        // Looked at anew: it may be in sight still, and only changes are told.
        this.sight.disconnect();
        if (body.cursor) this.sight.observe(this.end);
    }

    wake() {
        this.subscription?.wake();
    }

    /** @param {import("./reprise.js").EventLine} line */
    receive({ at, event }) {
        const id = event.type === "entry" ? event.entry.id : event.type === "entry.removed" ? event.id : undefined;
        if (id === undefined || at <= (this.said.get(id) ?? "")) return;
        this.said.set(id, at);
        if (event.type === "entry") this.entries.set(id, event.entry);
        else this.entries.delete(id);
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
        const shown = new Set(entries.map(entry => entry.id));
        for (const [id, item] of this.items) if (!shown.has(id)) { item.remove(); this.items.delete(id); }
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
        setText(item, ".name", words(entry.title || entry.last || "New session"));
        setText(item, ".where", (entry.directory ?? "").split("/").pop() ?? "");
        setText(item, ".badge", status);
        const badge = /** @type {HTMLElement} */ (item.querySelector(".badge"));
        badge.dataset.tone = asks ? "wait" : status ? "busy" : "";
        item.firstElementChild?.setAttribute("aria-current", String(entry.id === this.selected));
    }
}
