// @ts-check
// Prompts that were sent and are not with OpenCode yet: each is sent again under its id for as long as the server cannot be reached, and shown
// until OpenCode has taken it. One that was refused, by either, stays with its text until somebody decides.

import { Problem, commandID } from "./reprise.js";
import { setText, stamp } from "./dom.js";

/** A relay that has just come back has not found OpenCode yet: for so long (ms) that is no refusal. */
const openCodePatience = 15000;

export class Outbox {
    /** @param {HTMLElement} place @param {import("./reprise.js").Reprise} server @param {(text: string) => void} onEdit */
    constructor(place, server, onEdit) {
        this.place = place;
        this.server = server;
        this.onEdit = onEdit;
        /** @type {Map<string, {session: string, item: HTMLElement, sending: AbortController}>} */
        this.prompts = new Map();
        this.session = "";
    }

    /** Shows what waits for this session. @param {string} session */
    show(session) {
        this.session = session;
        this.place.replaceChildren(...[...this.prompts.values()].filter(prompt => prompt.session === session).map(prompt => prompt.item));
    }

    /** @param {string} session @param {string} text */
    async send(session, text) {
        const id = commandID();
        const sending = new AbortController();
        const item = this.add(id, session, text, sending);
        try {
            await this.deliver(id, session, text, sending.signal, reason => this.mark(item, "waiting", `Waiting for the server (${reason.message})`));
            await this.server.settled(session, id, { signal: sending.signal, onWait: () => this.mark(item, "waiting", "Waiting for OpenCode") });
            this.remove(id);
        } catch (error) {
            if (sending.signal.aborted) return;
            this.mark(item, "failed", error instanceof Error ? error.message : String(error));
        }
    }

    /** @param {string} id @param {string} session @param {string} text @param {AbortSignal} signal @param {(reason: Error) => void} onWait */
    async deliver(id, session, text, signal, onWait) {
        let end = Infinity;
        for (;;) {
            try {
                return await this.server.prompt(session, text, { id }, { signal, onWait, timeout: Infinity });
            } catch (error) {
                if (!(error instanceof Problem) || error.code !== "upstream_unavailable" || Date.now() >= end) throw error;
                end = Math.min(end, Date.now() + openCodePatience);
                onWait(error);
            }
            await this.server.pause(1000, signal);
        }
    }

    /** @param {string} id @param {string} session @param {string} text @param {AbortController} sending */
    add(id, session, text, sending) {
        const item = stamp("unsent-prompt");
        setText(item, ".text", text);
        this.mark(item, "sending", "");
        item.querySelector("[data-act=edit]")?.addEventListener("click", () => {
            this.remove(id);
            this.onEdit(text);
        });
        item.querySelector("[data-act=discard]")?.addEventListener("click", () => this.remove(id));
        this.prompts.set(id, { session, item, sending });
        this.show(this.session);
        return item;
    }

    /** @param {HTMLElement} item @param {"sending" | "waiting" | "failed"} state @param {string} reason */
    mark(item, state, reason) {
        item.dataset.state = state;
        setText(item, ".reason", reason);
        /** @type {HTMLElement} */ (item.querySelector(".buttons")).hidden = state === "sending";
    }

    /** Nothing more is sent of it; what the server has taken, it has. @param {string} id */
    remove(id) {
        this.prompts.get(id)?.sending.abort();
        this.prompts.delete(id);
        this.show(this.session);
    }
}
