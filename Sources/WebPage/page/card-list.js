// @ts-check
// What the agent asks: permissions with three buttons, questions with their fields. A card goes when its closing is told, not when it is clicked;
// it is drawn again when it is said again in other words, and when what of it was kept apart has come.

import { whole } from "./blobs.js";
import { drawPermission, drawQuestion, keepInput } from "./card.js";
import { showProblem } from "./dom.js";

/** `said` is the card as it was last told, `isActing` while a reply is under way. @typedef {{card: any, said: string, element: HTMLElement, isActing: boolean, reading: AbortController}} Shown */

export class CardList {
    /** @param {HTMLElement} place @param {import("./reprise.js").Reprise} server */
    constructor(place, server) {
        this.place = place;
        this.server = server;
        /** @type {Map<string, Shown>} */
        this.cards = new Map();
    }

    /** @param {string} session @param {import("./fold.js").SessionState} state */
    update(session, state) {
        const open = new Set([...state.permissions, ...state.questions].map(card => session + card.id));
        for (const [id, shown] of this.cards) if (!open.has(id)) this.remove(id, shown);
        for (const permission of state.permissions) this.show(session, permission, drawPermission, reply => this.settled(permission, this.server.replyToPermission(permission.session, permission.id, reply)));
        for (const question of state.questions) this.show(session, question, drawQuestion, answer => this.settled(question, this.server.replyToQuestion(question.session, question.id, answer)));
    }

    /** @param {string} id @param {Shown} shown */
    remove(id, shown) {
        shown.reading.abort();
        shown.element.remove();
        this.cards.delete(id);
    }

    /** @param {string} session @param {any} card @param {(card: any, reply: (answer: any) => void) => HTMLElement} draw @param {(answer: any) => Promise<any>} reply */
    show(session, card, draw, reply) {
        const id = session + card.id;
        const known = this.cards.get(id);
        if (known?.card === card) return;
        const said = JSON.stringify(card);
        if (known) known.card = card;
        if (known?.said === said) return;
        known?.reading.abort();
        const shown = known ?? /** @type {Shown} */ ({ card, isActing: false });
        Object.assign(shown, { said, reading: new AbortController() });
        this.cards.set(id, shown);
        const redraw = (/** @type {any} */ content) => this.put(shown, draw(content, answer => this.act(shown, () => reply(answer))));
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
        for (const button of shown.element.querySelectorAll("button")) button.disabled = shown.isActing;
    }

    /** A reply is taken at once; whether OpenCode takes it is told later. @param {any} card @param {Promise<any>} reply */
    async settled(card, reply) {
        await this.server.settled(card.session, (await reply).id);
    }

    /** @param {Shown} shown @param {() => Promise<any>} command */
    async act(shown, command) {
        shown.isActing = true;
        this.enable(shown);
        try {
            await command();
        } catch (error) {
            showProblem(error);
            shown.isActing = false;
            this.enable(shown);
        }
    }
}
