// @ts-check
// What the agent asks: permissions with three buttons, questions with their fields. A card goes when its closing is told, not when it is clicked.

import { setText, showProblem, stamp } from "./dom.js";
import { list } from "./fold.js";
import { words } from "./part.js";

export class CardList {
    /** @param {HTMLElement} place @param {import("./reprise.js").Reprise} server */
    constructor(place, server) {
        this.place = place;
        this.server = server;
        /** @type {Map<string, HTMLElement>} */
        this.cards = new Map();
    }

    /** @param {string} session @param {import("./fold.js").SessionState} state */
    update(session, state) {
        const open = new Set([...state.permissions, ...state.questions].map(card => session + card.id));
        for (const [id, card] of this.cards) if (!open.has(id)) { card.remove(); this.cards.delete(id); }
        for (const permission of state.permissions) this.add(session + permission.id, () => this.permission(permission));
        for (const question of state.questions) this.add(session + question.id, () => this.question(question));
    }

    /** @param {string} id @param {() => HTMLElement} make */
    add(id, make) {
        if (this.cards.has(id)) return;
        const card = make();
        this.cards.set(id, card);
        this.place.append(card);
    }

    /** @param {any} permission */
    permission(permission) {
        const card = stamp("permission-card");
        setText(card, ".action", permission.action);
        setText(card, ".resources", list(permission.resources).map(words).join(" · "));
        setText(card, ".changes", list(permission.changes).map(change => words(change.patch)).join("\n"));
        for (const button of card.querySelectorAll("button")) {
            if (button.dataset.reply === "always") button.title = list(permission.always).join("\n");
            button.addEventListener("click", () => this.act(card, () =>
                this.server.replyToPermission(permission.session, permission.id, /** @type {any} */ (button.dataset.reply))));
        }
        return card;
    }

    /** @param {any} question */
    question(question) {
        const card = /** @type {HTMLFormElement} */ (stamp("question-card"));
        setText(card, ".action", question.title ?? "Question");
        const fields = /** @type {HTMLElement} */ (card.querySelector(".fields"));
        for (const field of list(question.fields)) fields.append(fieldElement(field));
        card.addEventListener("submit", event => {
            event.preventDefault();
            this.act(card, () => this.server.replyToQuestion(question.session, question.id, answerOf(card, list(question.fields))));
        });
        card.querySelector("[data-reply]")?.addEventListener("click", () =>
            this.act(card, () => this.server.replyToQuestion(question.session, question.id, null)));
        return card;
    }

    /** @param {HTMLElement} card @param {() => Promise<any>} command */
    async act(card, command) {
        const buttons = card.querySelectorAll("button");
        for (const button of buttons) button.disabled = true;
        try {
            await command();
        } catch (error) {
            showProblem(error);
            for (const button of buttons) button.disabled = false;
        }
    }
}

/** @param {any} field */
function fieldElement(field) {
    const label = document.createElement("label");
    label.append(field.description ?? field.title ?? field.key, " ");
    const options = list(field.options);
    if (options.length) {
        const choice = document.createElement("select");
        choice.name = field.key;
        choice.multiple = field.type === "multiselect";
        for (const option of options) choice.append(new Option(option.label ?? option.value, option.value));
        label.append(choice);
    }
    if (!options.length || field.custom) {
        const own = document.createElement("input");
        own.name = options.length ? field.key + " own" : field.key;
        own.type = field.type === "boolean" ? "checkbox" : field.type === "number" || field.type === "integer" ? "number" : "text";
        own.placeholder = options.length ? "or in your own words" : "";
        label.append(own);
    }
    return label;
}

/** @param {HTMLFormElement} form @param {any[]} fields */
function answerOf(form, fields) {
    const data = new FormData(form);
    return Object.fromEntries(fields.map(field => {
        const own = data.get(field.key + " own");
        const chosen = data.getAll(field.key);
        if (field.type === "multiselect") return [field.key, own ? [...chosen, own] : chosen];
        if (field.type === "boolean") return [field.key, chosen.length > 0];
        const value = own || chosen[0] || "";
        return [field.key, field.type === "number" || field.type === "integer" ? Number(value) : value];
    }));
}
