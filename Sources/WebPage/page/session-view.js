// @ts-check
// One session: its state from one read, then from its topic; the messages, the cards and the box to write in follow the state.

import { SessionState } from "./fold.js";
import { element, showProblem } from "./dom.js";
import { MessageList } from "./message-list.js";
import { CardList } from "./card-list.js";
import { Outbox } from "./outbox.js";
import { recall, remember } from "./kept.js";
import { words } from "./part.js";

export class SessionView {
    /** @param {import("./reprise.js").Reprise} server */
    constructor(server) {
        this.server = server;
        this.state = new SessionState();
        this.id = "";
        /** The open that is under way: of two, the later one counts. */
        this.opening = new AbortController();
        /** What came while an older page was asked for. @type {import("./reprise.js").EventLine[] | null} */
        this.meanwhile = null;
        /** @type {import("./reprise.js").Subscription | null} */
        this.subscription = null;
        this.messages = new MessageList(element("messages"), () => this.older());
        this.cards = new CardList(element("cards"), server);
        this.outbox = new Outbox(element("outbox"), server, (session, text, id) => this.edit(session, text, id), () => this.state.status.status === "idle");
        this.prompt = /** @type {HTMLTextAreaElement} */ (element("prompt"));
        /** What was typed and not sent, by session; with the id of the prompt that it was, where the server may have that. @type {Map<string, {text: string, id?: string}>} */
        this.drafts = new Map(recall("drafts", []));
        /** Somebody wanted to send while the agent was busy, and was told so. */
        this.isRefused = false;
        element("composer").addEventListener("submit", event => { event.preventDefault(); this.send(); });
        element("stop").addEventListener("click", () => this.stop());
        this.prompt.addEventListener("keydown", event => {
            if (isSending(event)) { event.preventDefault(); this.send(); }
        });
        this.prompt.addEventListener("input", () => { this.fit(); this.keepText(); });
        addEventListener("resize", () => this.fit());
    }

    /** @param {string} id */
    async open(id) {
        this.subscription?.close();
        this.subscription = null;
        this.opening.abort();
        const opening = (this.opening = new AbortController());
        // What is typed belongs to the session that it was typed for.
        if (this.id) this.keepText();
        this.id = id;
        this.showDraft();
        this.outbox.show(id);
        this.clear("");
        try {
            const body = await this.server.persist(() => this.server.open(id), { signal: opening.signal, onWait: reason => this.showWait(reason) });
            if (!opening.signal.aborted) this.follow(id, body);
        } catch (error) {
            if (opening.signal.aborted) return;
            this.clear("The session cannot be read");
            throw error;
        }
    }

    /** @param {string} id @param {any} body */
    follow(id, body) {
        this.take(body);
        this.subscription = this.server.subscribe(id, {
            after: body.position,
            onEvent: line => this.receive(line),
            onControl: line => { if (line.type === "snapshot") this.take(line.state); },
            onState: (state, detail) => this.showConnection(state, detail),
            onEnd: showProblem,
        });
    }

    /** @param {Error} reason */
    showWait(reason) {
        this.clear("The session cannot be read, trying again");
        this.showConnection("waiting", reason.message);
    }

    /** What another session said is not shown under this one's name, and nothing that was meant for it goes here. @param {string} title */
    clear(title) {
        this.refuse(false);
        this.state = new SessionState();
        this.meanwhile = null;
        this.messages.reset(this.state);
        this.cards.update(this.id, this.state);
        for (const id of ["composer", "stop", "status"]) element(id).hidden = true;
        element("title").textContent = title;
    }

    /** @param {import("./reprise.js").EventLine} line */
    receive(line) {
        this.meanwhile?.push(line);
        this.show(this.state.apply(line));
    }

    wake() {
        this.subscription?.wake();
    }

    /** @param {any} body */
    take(body) {
        this.state = SessionState.from(body);
        element("composer").hidden = false;
        // What is hidden has no height.
        this.fit();
        this.messages.reset(this.state);
        this.show({ what: "all" });
    }

    /** @param {import("./fold.js").Change} change */
    show(change) {
        this.messages.update(this.state, change);
        if (change.what === "delta" || change.what === "part" || change.what === "nothing") return;
        this.cards.update(this.id, this.state);
        this.showBar();
    }

    showBar() {
        const { session, status } = this.state;
        const title = words(session?.title || "New session");
        element("title").textContent = title;
        document.title = `${title} – Reprise`;
        const badge = element("status");
        const isIdle = status.status === "idle";
        const asks = this.state.permissions.length + this.state.questions.length > 0;
        badge.textContent = this.state.isRemoved ? "gone" : asks ? "asks" : isIdle ? "" : status.status;
        badge.hidden = !badge.textContent;
        badge.dataset.tone = asks ? "wait" : "busy";
        element("stop").hidden = isIdle;
        /** @type {HTMLButtonElement} */ (element("send")).disabled = !isIdle || this.state.isRemoved;
        this.prompt.placeholder = this.state.isRemoved ? "OpenCode has this session no more: it can be read only" : "Ask the agent";
        if (this.isRefused && isIdle) this.refuse(false);
    }

    /** @param {string} state @param {string} [detail] */
    showConnection(state, detail) {
        const badge = element("connection");
        badge.textContent = state;
        badge.dataset.tone = state === "live" ? "live" : "wait";
        badge.title = detail ?? "";
    }

    async older() {
        const [state, before] = [this.state, this.state.before];
        if (!before || this.meanwhile) return;
        const meanwhile = (this.meanwhile = /** @type {import("./reprise.js").EventLine[]} */ ([]));
        try {
            const page = await this.server.olderMessages(this.id, before);
            if (this.state !== state) return;
            state.addOlder(page, meanwhile);
            this.messages.addOlder(state);
        } catch (error) {
            if (this.state === state) showProblem(error);
        } finally {
            if (this.meanwhile === meanwhile) this.meanwhile = null;
        }
    }

    send() {
        const content = this.prompt.value.trim();
        if (!content) return;
        if (/** @type {HTMLButtonElement} */ (element("send")).disabled) return this.refuse(true);
        const id = this.drafts.get(this.id)?.id;
        this.draft(this.id, "");
        this.showDraft();
        showProblem(null);
        this.outbox.send(this.id, content, id);
    }

    /** Says why what is written was not sent, until it can be. @param {boolean} isRefused */
    refuse(isRefused) {
        this.isRefused = isRefused;
        const reason = this.state.isRemoved ? "OpenCode has this session no more" : "The agent is busy: send this when it is done, or stop it";
        showProblem(isRefused ? reason : null);
    }

    /** A stop is for the turn that is seen: late, it must not hit another one. */
    stop() {
        const [session, turn] = [this.id, this.state.turns.at(-1)];
        const tell = (/** @type {unknown} */ problem) => { if (session === this.id) showProblem(problem); };
        this.server.stop(session, turn?.state === "started" ? { turn: turn.turn } : {}).then(() => tell(null), tell);
    }

    /** It stays the prompt that it was, until it was sent or nothing is left of it. */
    keepText() {
        this.draft(this.id, this.prompt.value, this.drafts.get(this.id)?.id);
    }

    /** @param {string} session @param {string} text @param {string} [id] */
    draft(session, text, id) {
        if (text) this.drafts.set(session, { text, id: text.trim() ? id : undefined });
        else this.drafts.delete(session);
        remember("drafts", [...this.drafts]);
    }

    /** A text that was not sent goes back to where it was written. @param {string} session @param {string} text @param {string} [id] of the prompt, where the server may have it */
    edit(session, text, id) {
        const written = this.drafts.get(session);
        this.draft(session, written ? `${text}\n${written.text}` : text, id ?? written?.id);
        if (session !== this.id) return;
        this.showDraft();
        this.prompt.focus();
    }

    showDraft() {
        this.prompt.value = this.drafts.get(this.id)?.text ?? "";
        this.fit();
    }

    fit() {
        this.prompt.style.height = "auto";
        this.prompt.style.height = `${this.prompt.scrollHeight + this.prompt.offsetHeight - this.prompt.clientHeight}px`;
    }
}

/** Enter sends: not the one that ends a composition (229, where it counts as over), nor on a screen's keyboard, which has no other way to a new line. @param {KeyboardEvent} event */
function isSending(event) {
    return event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229 && !matchMedia("(pointer: coarse)").matches;
}
