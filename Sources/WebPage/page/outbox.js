// @ts-check
// Prompts that were sent and are not with OpenCode yet: each is sent again under its id for as long as the server cannot be reached, also after
// a reload, and shown until OpenCode has taken it. One that was refused, by either, stays with its text until somebody decides.

import { Problem, commandID } from "./reprise.js";
import { setText, stamp } from "./dom.js";
import { recall, remember } from "./kept.js";

/** A relay that has just come back has not found OpenCode yet: for so long (ms) that is no refusal. */
const openCodePatience = 15000;
/** How long it is tried to take a prompt back, ms: later it might hit what began since. */
const withdrawalPatience = 5000;
/** An answer that takes longer, ms, is said to be waited for. */
const usual = 3000;
/** After so long (ms) the question what has become of a prompt, refused, is put again. */
const seldom = 4000;
const key = "outbox";

/** The server's own word that it has no such prompt; whoever stands before it may not find the way. @param {Problem} problem */
function isUnknown(problem) {
    return problem.code === "not_found" || problem.code === "unknown_session";
}

/** `isTaken`: the server has it. `refusal`: why it will not run. `whenStopped`: what is done when it was taken back.
 *  @typedef {{session: string, text: string, item: HTMLElement, sending: AbortController, isTaken: boolean, refusal?: string, whenStopped?: () => void}} Unsent */

export class Outbox {
    /** `onEdit` is given the id too where the server may have the prompt: under it, it runs once. `isIdle`: whether nothing runs in the session that is shown.
     * @param {HTMLElement} place @param {import("./reprise.js").Reprise} server @param {(session: string, text: string, id?: string) => void} onEdit @param {() => boolean} isIdle */
    constructor(place, server, onEdit, isIdle) {
        this.place = place;
        this.server = server;
        this.onEdit = onEdit;
        this.isIdle = isIdle;
        /** @type {Map<string, Unsent>} */
        this.prompts = new Map();
        this.session = "";
        for (const { id, session, text, refusal } of recall(key, [])) {
            if (refusal === undefined) this.send(session, text, id);
            else this.refuse(this.add(id, session, text), refusal);
        }
    }

    /** Shows what waits for this session. @param {string} session */
    show(session) {
        this.session = session;
        this.place.replaceChildren(...[...this.prompts.values()].filter(prompt => prompt.session === session).map(prompt => prompt.item));
    }

    /** @param {string} session @param {string} text @param {string} [id] of an earlier try */
    async send(session, text, id = commandID()) {
        const prompt = this.add(id, session, text);
        const signal = prompt.sending.signal;
        const slow = setTimeout(() => this.mark(prompt, "waiting", "Waiting for the server"), usual);
        try {
            await this.deliver(id, prompt, reason => this.mark(prompt, "waiting", `Waiting for the server (${reason.message})`)).finally(() => clearTimeout(slow));
            prompt.isTaken = true;
            await this.settled(id, prompt);
            this.remove(id);
        } catch (error) {
            if (!signal.aborted) this.failed(id, prompt, /** @type {any} */ (error));
        }
    }

    /** @param {string} id @param {Unsent} prompt @param {any} error */
    failed(id, prompt, error) {
        if (prompt.whenStopped && error.code === "stopped") {
            this.remove(id);
            return prompt.whenStopped();
        }
        const isAnother = error instanceof Problem && error.code === "command_conflict";
        this.refuse(prompt, isAnother ? "It was sent before you edited it; this is another prompt" : String(error.message ?? error));
    }

    /** @param {Unsent} prompt @param {string} refusal */
    refuse(prompt, refusal) {
        prompt.refusal = refusal;
        this.mark(prompt, "failed", refusal);
        this.keep();
    }

    /** @param {string} id @param {Unsent} prompt @param {(reason: Error) => void} onWait */
    async deliver(id, { session, text, sending: { signal } }, onWait) {
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

    /** Where it is not the prompt that is refused, but the question what has become of it, that is asked again. @param {string} id @param {Unsent} prompt */
    async settled(id, prompt) {
        const signal = prompt.sending.signal;
        const wait = (/** @type {string} */ reason) => { if (!prompt.whenStopped) this.mark(prompt, "waiting", reason); };
        for (;;) {
            try {
                return await this.server.settled(prompt.session, id, { signal, onWait: () => wait("Waiting for OpenCode") });
            } catch (error) {
                if (!(error instanceof Problem) || isUnknown(error)) throw error;
                wait(error.message);
            }
            await this.server.pause(seldom, signal);
        }
    }

    /** @param {string} id @param {string} session @param {string} text @returns {Unsent} */
    add(id, session, text) {
        const prompt = { session, text, item: stamp("unsent-prompt"), sending: new AbortController(), isTaken: false };
        setText(prompt.item, ".text", text);
        this.mark(prompt, "sending", "");
        prompt.item.querySelector("[data-act=edit]")?.addEventListener("click", () => this.takeBack(id, prompt, kept => this.onEdit(session, text, kept)));
        prompt.item.querySelector("[data-act=discard]")?.addEventListener("click", () => this.takeBack(id, prompt, () => {}));
        this.prompts.set(id, prompt);
        this.keep();
        this.show(this.session);
        return prompt;
    }

    /** @param {Unsent} prompt @param {"sending" | "waiting" | "failed"} state @param {string} reason */
    mark({ item }, state, reason) {
        item.dataset.state = state;
        setText(item, ".reason", reason);
        /** @type {HTMLElement} */ (item.querySelector(".buttons")).hidden = state === "sending";
    }

    /** `then` is given the id as long as the server may have the prompt. @param {string} id @param {Unsent} prompt @param {(id?: string) => void} then */
    takeBack(id, prompt, then) {
        if (prompt.isTaken && prompt.refusal === undefined) return this.withdraw(prompt, () => then());
        this.remove(id);
        then(prompt.refusal === undefined ? id : undefined);
    }

    /** The server has it and OpenCode not: a stop ends what waits, as long as nothing else runs that it would hit. @param {Unsent} prompt @param {() => void} then */
    async withdraw(prompt, then) {
        if (!this.isIdle()) return this.mark(prompt, "waiting", "The agent is busy: stop it first");
        prompt.whenStopped = then;
        this.mark(prompt, "sending", "Taking it back");
        try {
            await this.server.stop(prompt.session, {}, { timeout: withdrawalPatience });
        } catch (error) {
            prompt.whenStopped = undefined;
            this.mark(prompt, "waiting", `It cannot be taken back now (${error instanceof Error ? error.message : error})`);
        }
    }

    /** Nothing more is sent of it; what the server has taken, it has. @param {string} id */
    remove(id) {
        this.prompts.get(id)?.sending.abort();
        this.prompts.delete(id);
        this.keep();
        this.show(this.session);
    }

    keep() {
        remember(key, [...this.prompts].map(([id, { session, text, refusal }]) => ({ id, session, text, refusal })));
    }
}
