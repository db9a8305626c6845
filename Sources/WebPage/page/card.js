// @ts-check
// A permission or a question as an element, and what a person has put into it.

import { setText, stamp } from "./dom.js";
import { isObject, list } from "./fold.js";
import { words } from "./part.js";

/** What of a list can be read. @param {any} value @returns {any[]} */
const objects = value => list(value).filter(isObject);

/** @param {any} permission @param {(reply: string) => void} reply @returns {HTMLElement} */
export function drawPermission(permission, reply) {
    const card = stamp("permission-card");
    setText(card, ".action", words(permission.action));
    setText(card, ".resources", list(permission.resources).map(words).join("\n"));
    setText(card, ".changes", list(permission.changes).map(change => words(change?.patch)).join("\n"));
    for (const button of card.querySelectorAll("button")) {
        if (button.dataset.reply === "always") button.title = list(permission.always).map(words).join("\n");
        button.addEventListener("click", () => reply(button.dataset.reply ?? ""));
    }
    return card;
}

/** @param {any} question @param {(answer: Record<string, any> | null) => void} reply null declines @returns {HTMLElement} */
export function drawQuestion(question, reply) {
    const card = /** @type {HTMLFormElement} */ (stamp("question-card"));
    setText(card, ".action", question.title === undefined ? "Question" : words(question.title));
    const fields = /** @type {HTMLElement} */ (card.querySelector(".fields"));
    for (const field of objects(question.fields)) fields.append(fieldElement(field));
    card.addEventListener("submit", event => {
        event.preventDefault();
        reply(answerOf(card, objects(question.fields)));
    });
    card.querySelector("[data-reply]")?.addEventListener("click", () => reply(null));
    return card;
}

/** Puts a card in the place of another one; what was chosen and written stays, where its field does. @param {HTMLElement} known @param {HTMLElement} next */
export function keepInput(known, next) {
    const focused = document.activeElement;
    const fields = [...controls(known)].map(old => ({ old, field: [...controls(next)].find(field => field.name === old.name && field.type === old.type) }));
    known.replaceWith(next);
    for (const { old, field } of fields) {
        if (!field) continue;
        if (field instanceof HTMLSelectElement) choose(field, /** @type {HTMLSelectElement} */ (old));
        else if (field.type === "checkbox") keepBox(field, /** @type {HTMLInputElement} */ (old));
        else field.value = old.value;
        if (old === focused) field.focus();
    }
}

/** @param {HTMLElement} card @returns {NodeListOf<HTMLInputElement | HTMLSelectElement>} */
function controls(card) {
    return card.querySelectorAll("input, select");
}

/** @param {HTMLInputElement} field @param {HTMLInputElement} old */
function keepBox(field, old) {
    field.checked = old.checked;
    field.indeterminate &&= old.indeterminate;
}

/** @param {HTMLSelectElement} field @param {HTMLSelectElement} old */
function choose(field, old) {
    const chosen = new Set([...old.selectedOptions].map(option => option.value));
    if (![...field.options].some(option => chosen.has(option.value))) return;
    for (const option of field.options) option.selected = chosen.has(option.value);
}

/** @param {any} field */
function fieldElement(field) {
    const label = document.createElement("label");
    label.append(words(field.description ?? field.title ?? field.key), " ");
    const options = objects(field.options);
    if (options.length) {
        const choice = document.createElement("select");
        choice.name = field.key;
        choice.multiple = field.type === "multiselect";
        // Nothing is chosen until somebody does.
        if (!choice.multiple) choice.append(new Option("", ""));
        for (const option of options) choice.append(new Option(words(option.label ?? option.value), option.value));
        label.append(choice);
    }
    if (!options.length || field.custom) {
        const own = document.createElement("input");
        own.name = options.length ? field.key + " own" : field.key;
        own.type = field.type === "boolean" ? "checkbox" : field.type === "number" || field.type === "integer" ? "number" : "text";
        // Neither yes nor no, until somebody touches it.
        own.indeterminate = own.type === "checkbox" && !field.required;
        own.placeholder = options.length ? "or in your own words" : "";
        label.append(own);
    }
    return label;
}

/** What was left empty is not answered, unless it must be. @param {HTMLFormElement} form @param {any[]} fields @returns {Record<string, any>} */
function answerOf(form, fields) {
    return Object.fromEntries(fields.map(field => [field.key, valueOf(form, field)]).filter(([, value]) => value !== undefined));
}

/** Undefined where nobody has given one. @param {HTMLFormElement} form @param {any} field */
function valueOf(form, field) {
    const data = new FormData(form);
    const own = data.get(field.key + " own");
    const chosen = data.getAll(field.key);
    if (field.type === "boolean") return isUntouched(form, field.key) ? undefined : chosen.length > 0;
    if (field.type === "multiselect") {
        const all = own ? [...chosen, own] : chosen;
        return all.length || field.required ? all : undefined;
    }
    const value = own || chosen[0] || "";
    // No number is none, never 0: it is for OpenCode to say that there must be one.
    if (field.type === "number" || field.type === "integer") return value === "" ? undefined : Number(value);
    return value === "" && !field.required ? undefined : value;
}

/** @param {HTMLFormElement} form @param {string} key */
function isUntouched(form, key) {
    return [...controls(form)].some(field => field.name === key && field instanceof HTMLInputElement && field.indeterminate);
}
