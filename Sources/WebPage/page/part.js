// @ts-check
// One part of a message as an element.

import { setText, stamp } from "./dom.js";
import { list } from "./fold.js";

/** @param {any} part @param {boolean} isOver whether the part's message gets nothing more @returns {HTMLElement} */
export function drawPart(part, isOver) {
    switch (part.type) {
        case "text": return part.synthetic ? note(words(part.text)) : text(stamp("text-part"), part, isOver);
        case "reasoning": {
            const block = stamp("reasoning-part");
            text(/** @type {HTMLElement} */ (block.querySelector(".text")), part, isOver);
            return block;
        }
        case "tool": return tool(part, isOver);
        case "file": return note(`📎 ${words(part.name ?? part.mime)}`);
        case "patch": return note(`Changed ${list(part.files).map(words).join(", ")}`);
        case "retry": return note(`Attempt ${part.attempt}: ${words(part.error?.message ?? "trying again")}`);
        case "compaction": return note(`Summary ${part.state}`);
        case "switch": return note(`Switched to ${words(part.agent ?? part.model?.id ?? part.directory)}`);
        case "agent":
        case "skill": return note(`@${words(part.name)}`);
        case "subtask": return note(`${words(part.agent)}: ${words(part.description)}`);
        default: return note(words(part.type));
    }
}

/** @param {HTMLElement} block @param {any} part @param {boolean} isOver */
function text(block, part, isOver) {
    block.textContent = words(part.text);
    block.toggleAttribute("data-open", part.open === true && !isOver);
    block.toggleAttribute("data-cut", part.open === true && isOver);
    return block;
}

/** @param {any} part @param {boolean} isOver */
function tool(part, isOver) {
    const block = stamp("tool-part");
    const isCut = isOver && (part.state === "pending" || part.state === "running");
    block.dataset.state = isCut ? "error" : part.state;
    block.toggleAttribute("data-cut", isCut);
    setText(block, ".name", words(part.name));
    setText(block, ".what", words(part.title) + (isCut ? " (cut short)" : ""));
    setText(block, ".input", part.input === undefined ? words(part.raw) : JSON.stringify(part.input, null, 2));
    setText(block, ".changes", list(part.changes).map(change => words(change?.patch)).join("\n"));
    setText(block, ".output", part.error ? words(part.error.message ?? part.error) : words(part.output));
    return block;
}

/** @param {string} text */
export function note(text) {
    const block = stamp("note-part");
    block.textContent = text;
    return block;
}

/** A text, or what stands for one that is kept apart. @param {any} text */
export function words(text) {
    if (text === undefined || text === null) return "";
    if (typeof text !== "object") return String(text);
    return text.$blob ? `(${text.bytes} bytes, kept apart)` : JSON.stringify(text);
}
