// @ts-check
// Messages as elements. A delta touches one text node; a part is drawn again when it is said again; the list only when messages move.

import { stamp } from "./dom.js";
import { drawPart } from "./part.js";

export class MessageList {
    /** @param {HTMLElement} place @param {() => Promise<void>} onOlder */
    constructor(place, onOlder) {
        this.place = place;
        /** @type {Map<string, HTMLElement>} */ this.parts = new Map();
        /** @type {Map<string, HTMLElement>} */ this.articles = new Map();
        this.older = document.createElement("button");
        this.older.id = "older";
        this.older.type = "button";
        this.older.textContent = "Older messages";
        this.older.addEventListener("click", () => onOlder());
        /** The end is in sight, and stays so: when words come, and when a card takes room from below. */
        this.isAtEnd = true;
        place.addEventListener("scroll", () => { this.isAtEnd = place.scrollHeight - place.scrollTop - place.clientHeight < 60; }, { passive: true });
        new ResizeObserver(() => this.stick()).observe(place);
    }

    /** @param {import("./fold.js").SessionState} state @param {boolean} [keepsPlace] */
    reset(state, keepsPlace = false) {
        const fromBottom = this.place.scrollHeight - this.place.scrollTop;
        this.parts.clear();
        this.articles.clear();
        this.place.replaceChildren(this.older);
        this.older.hidden = !state.before;
        for (const message of state.messages) this.drawMessage(state, message);
        this.place.scrollTop = keepsPlace ? this.place.scrollHeight - fromBottom : this.place.scrollHeight;
        this.isAtEnd = !keepsPlace;
    }

    /** @param {import("./fold.js").SessionState} state @param {{what: string, id?: string, field?: string, text?: string}} change */
    update(state, change) {
        const isAtEnd = this.isAtEnd;
        switch (change.what) {
            case "messages": this.reset(state, !isAtEnd); break;
            case "message": this.redraw(state, state.messages.find(message => message.id === change.id)); break;
            case "part":
            case "delta": this.updatePart(state, change); break;
            case "turn": for (const message of state.messages.slice(-8)) this.redraw(state, message); break;
        }
        this.isAtEnd = isAtEnd;
        this.stick();
    }

    /** Shows the end again, if it was in sight. */
    stick() {
        if (this.isAtEnd) this.place.scrollTop = this.place.scrollHeight;
    }

    /** @param {import("./fold.js").SessionState} state @param {{what: string, id?: string, field?: string, text?: string}} change */
    updatePart(state, change) {
        const known = this.parts.get(change.id ?? "");
        if (known && change.what === "delta" && change.field === "text") {
            const text = known.matches(".text") ? known : known.querySelector(".text");
            text?.append(change.text ?? "");
            return;
        }
        const part = state.findPart(change.id ?? "");
        const message = part && state.messages.find(message => message.id === part.message);
        if (part && message && known) this.replacePart(state, message, part, known);
        else this.redraw(state, message);
    }

    /** @param {import("./fold.js").SessionState} state @param {any} message @param {any} part @param {HTMLElement} known */
    replacePart(state, message, part, known) {
        const next = drawPart(part, isOver(state, message));
        if (known instanceof HTMLDetailsElement && next instanceof HTMLDetailsElement) next.open = known.open;
        known.replaceWith(next);
        this.parts.set(part.id, next);
    }

    /** @param {import("./fold.js").SessionState} state @param {any} message */
    redraw(state, message) {
        const known = message && this.articles.get(message.id);
        if (!known) return;
        const opened = new Set(message.parts.filter((/** @type {any} */ part) => /** @type {any} */ (this.parts.get(part.id))?.open).map((/** @type {any} */ part) => part.id));
        this.fill(state, known, message);
        for (const id of opened) /** @type {any} */ (this.parts.get(id)).open = true;
    }

    /** @param {import("./fold.js").SessionState} state @param {any} message */
    drawMessage(state, message) {
        const article = stamp("message-block");
        this.articles.set(message.id, article);
        this.fill(state, article, message);
        this.place.append(article);
    }

    /** @param {import("./fold.js").SessionState} state @param {HTMLElement} article @param {any} message */
    fill(state, article, message) {
        article.dataset.role = message.role;
        const model = message.model ? ` · ${message.model.id}` : "";
        /** @type {HTMLElement} */ (article.firstElementChild).textContent = message.role === "assistant" ? (message.agent ?? "assistant") + model : message.role;
        const place = /** @type {HTMLElement} */ (article.querySelector(".parts"));
        place.replaceChildren(...message.parts.map((/** @type {any} */ part) => {
            const drawn = drawPart(part, isOver(state, message));
            this.parts.set(part.id, drawn);
            return drawn;
        }));
        if (message.error) {
            const note = stamp("note-part");
            note.classList.toggle("bad", message.error.name !== "aborted");
            note.textContent = message.error.name === "aborted" ? "Stopped." : message.error.message ?? message.error.name;
            place.append(note);
        }
    }
}

/** Nothing more comes for this message: what is still open in it was cut short. @param {import("./fold.js").SessionState} state @param {any} message */
function isOver(state, message) {
    const turn = state.turns.find(turn => turn.turn === message.turn) ?? state.turns.at(-1);
    return message.completed !== undefined || (turn !== undefined && turn.state !== "started");
}
