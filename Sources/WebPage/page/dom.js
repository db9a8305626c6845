// @ts-check
// Three small things for the page's elements. Text goes in as text, never as HTML.

import { Problem } from "./reprise.js";
import { renewToken } from "./token.js";

/** @param {string} id @returns {HTMLElement} */
export function element(id) {
    const found = document.getElementById(id);
    if (!found) throw new Error(`the page has no #${id}`);
    return found;
}

/** A copy of a template's one element. @param {string} id @returns {HTMLElement} */
export function stamp(id) {
    const template = /** @type {HTMLTemplateElement} */ (element(id));
    return /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true));
}

/** @param {ParentNode} parent @param {string} selector @param {string} text */
export function setText(parent, selector, text) {
    const found = parent.querySelector(selector);
    if (found && found.textContent !== text) found.textContent = text;
}

/** @param {unknown} error */
export function showProblem(error) {
    if (error instanceof Problem && error.status === 401) return renewToken();
    const place = element("problem");
    place.textContent = error ? String(error instanceof Error ? error.message : error) : "";
    place.hidden = !error;
}
