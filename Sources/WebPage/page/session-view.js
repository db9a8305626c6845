// @ts-check
// One session: its state from one read, then from its topic; the messages, the cards and the box to write in follow the state.

import { SessionState } from "./fold.js";
import { element, showProblem } from "./dom.js";
import { MessageList } from "./message-list.js";
import { CardList } from "./card-list.js";

export class SessionView {
    /** @param {import("./reprise.js").Reprise} server */
    constructor(server) {
        this.server = server;
        this.state = new SessionState();
        this.id = "";
        /** Counts the opens: of two, the later one counts. */
        this.opening = 0;
        /** @type {import("./reprise.js").Subscription | null} */
        this.subscription = null;
        this.messages = new MessageList(element("messages"), () => this.older());
        this.cards = new CardList(element("cards"), server);
        this.prompt = /** @type {HTMLTextAreaElement} */ (element("prompt"));
        element("composer").addEventListener("submit", event => { event.preventDefault(); this.send(); });
        element("stop").addEventListener("click", () => this.server.stop(this.id).catch(showProblem));
        this.prompt.addEventListener("keydown", event => {
            if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.send(); }
        });
        this.prompt.addEventListener("input", () => this.fit());
    }

    /** @param {string} id */
    async open(id) {
        this.subscription?.close();
        this.subscription = null;
        this.id = id;
        const opening = (this.opening += 1);
        showProblem(null);
        const body = await this.server.open(id);
        if (this.opening !== opening) return;
        this.take(body);
        this.subscription = this.server.subscribe(id, {
            after: body.position,
            onEvent: line => this.show(this.state.apply(line)),
            onControl: line => { if (line.type === "snapshot") this.take(line.state); },
            onState: (state, detail) => this.showConnection(state, detail),
            onEnd: showProblem,
        });
    }

    wake() {
        this.subscription?.wake();
    }

    /** @param {any} body */
    take(body) {
        this.state = SessionState.from(body);
        element("composer").hidden = false;
        this.messages.reset(this.state);
        this.show({ what: "all" });
    }

    /** @param {{what: string, id?: string, field?: string, text?: string}} change */
    show(change) {
        this.messages.update(this.state, change);
        if (change.what === "delta" || change.what === "part" || change.what === "nothing") return;
        this.cards.update(this.id, this.state);
        this.showBar();
    }

    showBar() {
        const { session, status } = this.state;
        const title = session?.title || "New session";
        element("title").textContent = title;
        document.title = `${title} – Reprise`;
        const badge = element("status");
        const isIdle = status.status === "idle";
        badge.hidden = isIdle && !this.state.isRemoved;
        badge.textContent = this.state.isRemoved ? "gone" : status.status;
        badge.dataset.tone = "busy";
        element("stop").hidden = isIdle;
        /** @type {HTMLButtonElement} */ (element("send")).disabled = !isIdle || this.state.isRemoved;
    }

    /** @param {string} state @param {string} [detail] */
    showConnection(state, detail) {
        const badge = element("connection");
        badge.textContent = state;
        badge.dataset.tone = state === "live" ? "live" : "wait";
        badge.title = detail ?? "";
    }

    async older() {
        const before = this.state.before;
        if (!before) return;
        const state = this.state;
        const page = await this.server.olderMessages(this.id, before);
        if (this.state !== state || this.state.before !== before) return;
        const known = new Set(this.state.messages.map(message => message.id));
        this.state.messages.unshift(...page.messages.filter((/** @type {any} */ message) => !known.has(message.id)));
        this.state.before = page.before;
        this.messages.reset(this.state, true);
    }

    async send() {
        const content = this.prompt.value.trim();
        if (!content || /** @type {HTMLButtonElement} */ (element("send")).disabled) return;
        this.prompt.value = "";
        this.fit();
        showProblem(null);
        try {
            await this.server.prompt(this.id, content);
        } catch (error) {
            if (!this.prompt.value) this.prompt.value = content;
            showProblem(error);
        }
    }

    fit() {
        this.prompt.style.height = "auto";
        this.prompt.style.height = `${this.prompt.scrollHeight + this.prompt.offsetHeight - this.prompt.clientHeight}px`;
    }
}
