// @ts-check
// What the agent asks: permissions with three buttons, questions with their fields. A card goes when its closing is told, not when it is clicked;
// it is drawn again when it is said again in other words, and when what of it was kept apart has come. A reply goes on when another session is
// shown, and as long as it does the card takes no other one: the first that arrives would win.

import { whole } from "./blobs.js";
import { drawPermission, drawQuestion, keepInput } from "./card.js";
import { setText, showProblem } from "./dom.js";

/** `said` is the card as it was last told, `isAnswered` until its closing is told. @typedef {{card: any, said: string, element: HTMLElement, isAnswered: boolean, reading: AbortController}} Shown */

export class CardList {
    /** @param {HTMLElement} place @param {import("./reprise.js").Reprise} server */
    constructor(place, server) {
        this.place = place;
        this.server = server;
        /** @type {Map<string, Shown>} */
        this.cards = new Map();
        /** What became of a reply, by card: that it waits, or why it was not taken. @type {Map<string, {reason: string, isPending: boolean}>} */
        this.replies = new Map();
        this.session = "";
    }

    /** @param {string} session @param {import("./fold.js").SessionState} state */
    update(session, state) {
        this.session = session;
        const open = new Set([...state.permissions, ...state.questions].map(card => session + card.id));
        for (const [id, shown] of this.cards) if (!open.has(id)) this.remove(id, shown);
        for (const permission of state.permissions) this.show(session, permission, drawPermission, (reply, patience) => this.server.replyToPermission(permission.session, permission.id, reply, undefined, patience));
        for (const question of state.questions) this.show(session, question, drawQuestion, (answer, patience) => this.server.replyToQuestion(question.session, question.id, answer, patience));
    }

    /** @param {string} id @param {Shown} shown */
    remove(id, shown) {
        shown.reading.abort();
        const isFocused = shown.element.contains(document.activeElement);
        shown.element.remove();
        this.cards.delete(id);
        // Who goes by the keyboard stays here, or where the answer to it comes.
        if (isFocused) /** @type {HTMLElement | null} */ (this.place.firstElementChild ?? this.place.previousElementSibling)?.focus();
        if (!this.replies.get(nameOf(shown.card))?.isPending) this.replies.delete(nameOf(shown.card));
    }

    /** @param {string} session @param {any} card @param {(card: any, reply: (answer: any) => void) => HTMLElement} draw @param {(answer: any, patience: import("./reprise.js").Patience) => Promise<any>} reply */
    show(session, card, draw, reply) {
        const id = session + card.id;
        const known = this.cards.get(id);
        if (known?.card === card) return;
        const said = JSON.stringify(card);
        if (known) known.card = card;
        if (known?.said === said) return;
        known?.reading.abort();
        const shown = known ?? /** @type {Shown} */ ({ card, isAnswered: false });
        Object.assign(shown, { said, reading: new AbortController() });
        this.cards.set(id, shown);
        const redraw = (/** @type {any} */ content) => this.put(shown, draw(content, answer => this.act(shown.card, patience => reply(answer, patience))));
        redraw(card);
        this.complete(session, shown, redraw);
    }

    /** Draws the card again when what of it is kept apart is there. @param {string} session @param {Shown} shown @param {(card: any) => void} redraw */
    async complete(session, { card, reading }, redraw) {
        const content = await whole(this.server, [card.session, session], card, reading.signal);
        if (content !== card && !reading.signal.aborted) redraw(content);
    }

    /** @param {Shown} shown @param {HTMLElement} next */
    put(shown, next) {
        const known = shown.element;
        shown.element = next;
        this.enable(shown);
        if (known) keepInput(known, next);
        else this.place.append(next);
    }

    /** @param {Shown} shown */
    enable(shown) {
        const reply = this.replies.get(nameOf(shown.card));
        setText(shown.element, ".reason", reply?.reason ?? "");
        // A button that is disabled loses the focus to the whole page.
        const isFocused = shown.element.contains(document.activeElement);
        for (const button of shown.element.querySelectorAll("button")) button.disabled = shown.isAnswered || reply?.isPending === true;
        if (isFocused && document.activeElement?.matches(":disabled, body")) shown.element.focus();
    }

    /** Those of a name: a child session's card stands in its root's list too. @param {string} name */
    shown(name) {
        return [...this.cards.values()].filter(shown => nameOf(shown.card) === name);
    }

    /** @param {string} name @param {string} reason @param {boolean} isPending */
    tell(name, reason, isPending) {
        this.replies.set(name, { reason, isPending });
        for (const shown of this.shown(name)) this.enable(shown);
    }

    /** A reply is taken at once; whether OpenCode takes it is told later. @param {any} card @param {(patience: import("./reprise.js").Patience) => Promise<any>} reply */
    async act(card, reply) {
        const [name, session] = [nameOf(card), this.session];
        this.tell(name, "", true);
        showProblem(null);
        try {
            const { id } = await reply({ onWait: reason => this.tell(name, `Waiting for the server (${reason.message})`, true) });
            this.tell(name, "", true);
            await this.server.settled(card.session, id);
            for (const shown of this.shown(name)) shown.isAnswered = true;
            this.replies.delete(name);
        } catch (error) {
            this.tell(name, error instanceof Error ? error.message : String(error), false);
            if (session === this.session) showProblem(error);
        }
    }
}

/** @param {any} card */
function nameOf(card) {
    return `${card.session} ${card.id}`;
}
