// @ts-check
// Messages as elements. A delta touches one text node; a part is drawn again when it is said again; when messages come and go, the others stay
// the elements that they are, with what a person has opened in them.

import { stamp } from "./dom.js";
import { drawPart, note, words } from "./part.js";
import { RemarkList } from "./remark-list.js";

export class MessageList {
    /** @param {HTMLElement} place @param {() => Promise<void>} onOlder */
    constructor(place, onOlder) {
        this.place = place;
        /** @type {Map<string, HTMLElement>} */ this.parts = new Map();
        /** @type {Map<string, HTMLElement>} */ this.articles = new Map();
        this.remarks = new RemarkList();
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

    /** Another state, from a read: all is drawn anew. @param {import("./fold.js").SessionState} state */
    reset(state) {
        const opened = this.opened(this.parts.keys());
        this.parts.clear();
        this.articles.clear();
        this.remarks.clear();
        this.place.replaceChildren();
        this.arrange(state);
        this.unfold(opened);
        this.isAtEnd = true;
        this.stick();
    }

    /** An older page came: what is seen stays where it is. @param {import("./fold.js").SessionState} state */
    addOlder(state) {
        const fromBottom = this.place.scrollHeight - this.place.scrollTop;
        this.arrange(state);
        this.place.scrollTop = this.place.scrollHeight - fromBottom;
        this.isAtEnd = false;
    }

    /** @param {import("./fold.js").SessionState} state @param {import("./fold.js").Change} change */
    update(state, change) {
        const isAtEnd = this.isAtEnd;
        switch (change.what) {
            case "messages": this.arrange(state); break;
            case "message": this.redraw(state, state.messages.find(message => message.id === change.id)); break;
            case "part":
            case "delta": this.updatePart(state, change); break;
            case "outage":
            case "notice": this.remarks.add(change.event, state.messages.at(-1)?.id); this.arrange(state); break;
            case "turn": for (const message of state.messages) if (this.isUnsettled(message)) this.redraw(state, message); this.arrange(state); break;
            case "error": this.arrange(state); break;
        }
        this.isAtEnd = isAtEnd;
        this.stick();
    }

    /** Each message in its place, what was remarked behind it, and the last error at the end. Who is there already is not touched. @param {import("./fold.js").SessionState} state */
    arrange(state) {
        this.older.hidden = !state.before;
        const held = new Set(state.messages.map(message => message.id));
        for (const id of this.articles.keys()) if (!held.has(id)) this.articles.delete(id);
        const wanted = [this.older, ...this.remarks.behind(undefined, held)];
        for (const message of state.messages) wanted.push(this.articles.get(message.id) ?? this.drawMessage(state, message), ...this.remarks.behind(message.id, held));
        wanted.push(...this.remarks.failure(state.error));
        /** @type {Set<Element>} */ const stays = new Set(wanted);
        for (const element of [...this.place.children]) if (!stays.has(element)) element.remove();
        wanted.forEach((element, index) => { if (this.place.children[index] !== element) this.place.insertBefore(element, this.place.children[index] ?? null); });
    }

    /** Shows the end again, if it was in sight. */
    stick() {
        if (this.isAtEnd) this.place.scrollTop = this.place.scrollHeight;
    }

    /** Whether a turn that ends, or goes on, can change how the message looks. What no turn has made is cut short once. @param {any} message */
    isUnsettled(message) {
        const open = "[data-open], [data-state=pending], [data-state=running]";
        return Boolean(this.articles.get(message.id)?.querySelector(message.turn === undefined ? open : open + ", [data-cut]"));
    }

    /** @param {import("./fold.js").SessionState} state @param {import("./fold.js").Change} change */
    updatePart(state, change) {
        const drawn = this.parts.get(change.id ?? "");
        // One that was removed may be said again.
        const known = drawn?.isConnected ? drawn : undefined;
        const part = state.findPart(change.id ?? "");
        const grown = known && part && change.what === "delta" ? growing(known, part, change.field) : null;
        if (grown) {
            // To the same node: a delta may hold half of a character.
            if (grown.lastChild instanceof Text) grown.lastChild.appendData(change.text ?? "");
            else grown.append(change.text ?? "");
            return;
        }
        const message = part && state.messages.find(message => message.id === part.message);
        if (part && message && known) this.replacePart(state, message, part, known);
        else this.redraw(state, message);
    }

    /** @param {import("./fold.js").SessionState} state @param {any} message @param {any} part @param {HTMLElement} known */
    replacePart(state, message, part, known) {
        const next = draw(part, isOver(state, message));
        if (known instanceof HTMLDetailsElement && next instanceof HTMLDetailsElement) next.open = known.open;
        const isFocused = known.contains(document.activeElement);
        known.replaceWith(next);
        if (isFocused) focus(next);
        this.parts.set(part.id, next);
    }

    /** @param {import("./fold.js").SessionState} state @param {any} message */
    redraw(state, message) {
        const known = message && this.articles.get(message.id);
        if (!known) return;
        const ids = message.parts.map((/** @type {any} */ part) => part.id);
        const [opened, focused] = [this.opened(ids), known.contains(document.activeElement) ? this.focused(ids) : undefined];
        this.fill(state, known, message);
        this.unfold(opened);
        focus(this.parts.get(focused ?? ""));
    }

    /** Of these parts, those that a person has opened. @param {Iterable<string>} ids */
    opened(ids) {
        return [...ids].filter(id => /** @type {any} */ (this.parts.get(id))?.open);
    }

    /** @param {string[]} ids */
    focused(ids) {
        return ids.find(id => this.parts.get(id)?.contains(document.activeElement));
    }

    /** @param {string[]} ids */
    unfold(ids) {
        for (const id of ids) {
            const part = this.parts.get(id);
            if (part instanceof HTMLDetailsElement) part.open = true;
        }
    }

    /** @param {import("./fold.js").SessionState} state @param {any} message */
    drawMessage(state, message) {
        const article = stamp("message-block");
        this.articles.set(message.id, article);
        this.fill(state, article, message);
        return article;
    }

    /** @param {import("./fold.js").SessionState} state @param {HTMLElement} article @param {any} message */
    fill(state, article, message) {
        article.dataset.role = message.role;
        const model = message.model ? ` · ${message.model.id}` : "";
        /** @type {HTMLElement} */ (article.firstElementChild).textContent = message.role === "assistant" ? (message.agent ?? "assistant") + model : message.role;
        const place = /** @type {HTMLElement} */ (article.querySelector(".parts"));
        place.replaceChildren(...message.parts.map((/** @type {any} */ part) => {
            const drawn = draw(part, isOver(state, message));
            this.parts.set(part.id, drawn);
            return drawn;
        }));
        if (message.error) {
            const isStopped = message.error.name === "aborted";
            const end = note(isStopped ? "Stopped." : words(message.error.message ?? message.error.name));
            end.classList.toggle("bad", !isStopped);
            place.append(end);
        }
    }
}

/** One that cannot be drawn must not cost the others. @param {any} part @param {boolean} isOver @returns {HTMLElement} */
function draw(part, isOver) {
    try {
        return drawPart(part, isOver);
    } catch {
        return note("This part cannot be shown");
    }
}

/** What can have the focus in a part is its summary. @param {HTMLElement} [part] */
function focus(part) {
    part?.querySelector("summary")?.focus({ preventScroll: true });
}

/** The element that shows a string of a part, as far as it shows that. @param {HTMLElement} known @param {any} part @param {string | undefined} field */
function growing(known, part, field) {
    if (field === "text") return known.matches(".text") ? known : known.querySelector(".text");
    if (field === "raw") return part.input === undefined ? known.querySelector(".input") : null;
    return part.error ? null : known.querySelector(".output");
}

/** Nothing more comes for this message: what is still open in it was cut short. @param {import("./fold.js").SessionState} state @param {any} message */
function isOver(state, message) {
    const turn = state.turns.find(turn => turn.turn === message.turn) ?? state.turns.at(-1);
    return message.completed !== undefined || (turn !== undefined && turn.state !== "started");
}
