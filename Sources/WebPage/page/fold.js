// @ts-check
// How a session's events fold to its state, as protocol/PROTOCOL.md has it. The state is plain data; whoever shows it is told what changed.

/** @typedef {{id: string, message: string, type: string, text?: any, [key: string]: any}} Part */
/** @typedef {{id: string, role: string, created: number, parts: Part[], [key: string]: any}} Message */

/**
 * What changed: a message or a part (`id`), of a delta also where it goes; of what folds to nothing, the event itself.
 * @typedef {{what: string, id?: string, field?: string, text?: string, event?: any}} Change
 */

/** A session's state at a position. */
export class SessionState {
    constructor() {
        /** @type {any} */ this.session = null;
        /** @type {any} */ this.status = { status: "idle" };
        /** @type {any[]} */ this.turns = [];
        /** @type {Message[]} */ this.messages = [];
        /** @type {any[]} */ this.permissions = [];
        /** @type {any[]} */ this.questions = [];
        /** @type {any[]} */ this.tasks = [];
        /** @type {any[]} */ this.queue = [];
        /** @type {any} */ this.error = null;
        /** @type {string | undefined} */ this.position = undefined;
        /** @type {string | undefined} */ this.before = undefined;
        this.isRemoved = false;
        /** The oldest message that is held, while there are older ones: those stand on pages of their own. @type {{created: number, id: string} | undefined} */
        this.edge = undefined;
        /** Of messages that came with an older page: up to where its read had folded them. @type {Map<string, string>} */
        this.through = new Map();
    }

    /** The state that `GET /v1/sessions/{id}` or a `snapshot` gives. @param {any} body */
    static from(body) {
        const state = new SessionState();
        state.session = body.session;
        state.status = statusOf(isObject(body.status) ? body.status : { status: body.status }) ?? state.status;
        for (const said of list(body.turns)) state.insertTurn(turnOf(said));
        state.messages = messagesOf(body.messages);
        state.permissions = list(body.permissions).filter(hasID);
        state.questions = list(body.questions).filter(hasID);
        state.tasks = list(body.tasks);
        state.queue = list(body.queue);
        state.error = body.error ?? null;
        state.position = body.position;
        state.before = body.before;
        state.edge = body.before ? state.messages[0] : undefined;
        state.isRemoved = body.session?.gone === true;
        return state;
    }

    /** Applies one event line; gives what changed: `{what, id?}`. @param {{at: string, event: any}} line */
    apply(line) {
        if (this.position !== undefined && line.at <= this.position) return { what: "nothing" };
        this.position = line.at;
        return this.holds(line) ? { what: "nothing" } : this.fold(line.event);
    }

    /** The message that the event is about came with a page that was read behind it. @param {{at: string, event: any}} line */
    holds(line) {
        if (!this.through.size) return false;
        const message = this.messageOf(line.event);
        return message !== undefined && line.at <= (this.through.get(message) ?? "");
    }

    /** @param {any} event @returns {string | undefined} */
    messageOf(event) {
        switch (event.type) {
            case "message": return event.message?.id;
            case "message.removed": return event.id;
            case "part": return this.findPart(event.part?.id)?.message ?? event.part?.message;
            case "part.removed": return this.findPart(event.id)?.message;
            case "delta": return this.findPart(event.part)?.message;
            default: return undefined;
        }
    }

    /**
     * Takes an older page in. What was applied while it was asked for has happened to its messages as well, as far as its read did not see it:
     * a message that was removed since stays removed. @param {any} page @param {{at: string, event: any}[]} lines applied meanwhile
     */
    addOlder(page, lines) {
        const read = new SessionState();
        read.messages = messagesOf(page.messages);
        const [from, to] = [page.before ? read.messages[0] : undefined, this.edge];
        for (const line of lines) if (line.at > page.position) read.fold(line.event);
        const known = new Set(this.messages.map(message => message.id));
        const added = read.messages.filter(message => !known.has(message.id) && !(from && isBefore(message, from)) && !(to && !isBefore(message, to)));
        for (const message of added) this.through.set(message.id, page.position);
        this.messages = [...added, ...this.messages].sort((a, b) => (isBefore(a, b) ? -1 : 1));
        this.edge = from;
        for (const turn of list(page.turns).map(turnOf)) if (!this.turns.some(other => other.turn === turn?.turn)) this.insertTurn(turn);
        this.before = page.before;
    }

    /** @param {any} event @returns {Change} */
    fold(event) {
        switch (event.type) {
            case "session":
                if (!isObject(event.session)) return { what: "nothing" };
                this.session = event.session;
                this.isRemoved = event.session.gone === true;
                return { what: "session" };
            case "session.removed": this.isRemoved = true; return { what: "session" };
            case "status": this.status = statusOf(event) ?? this.status; return { what: "status" };
            case "turn": return this.turn(event);
            case "message": return this.message(event.message);
            case "message.removed": this.messages = this.messages.filter(message => message.id !== event.id); return { what: "messages" };
            case "part": return this.part(event.part);
            case "part.removed": return this.removePart(event.id);
            case "delta": return this.delta(event);
            case "permission": upsert(this.permissions, event.permission); return { what: "cards" };
            case "permission.closed": remove(this.permissions, event.id); return { what: "cards" };
            case "question": upsert(this.questions, event.question); return { what: "cards" };
            case "question.closed": remove(this.questions, event.id); return { what: "cards" };
            case "tasks": if (Array.isArray(event.tasks)) this.tasks = event.tasks; return { what: "tasks" };
            case "queue": if (Array.isArray(event.queue)) this.queue = event.queue; return { what: "queue" };
            case "error": if (isObject(event.error)) this.error = event.error; return { what: "error" };
            case "outage":
            case "notice": return { what: event.type, event };
            default: return { what: "nothing" };
        }
    }

    /** @param {any} event */
    turn(event) {
        const turn = turnOf(event);
        if (!turn) return { what: "nothing" };
        this.insertTurn(turn);
        if (turn.state === "started") this.error = null;
        return { what: "turn" };
    }

    /** @param {any} turn undefined where it cannot be understood */
    insertTurn(turn) {
        if (!turn) return;
        const place = this.turns.findIndex(known => known.turn >= turn.turn);
        if (place < 0) this.turns.push(turn);
        else this.turns.splice(place, this.turns[place].turn === turn.turn ? 1 : 0, turn);
    }

    /** @param {any} said */
    message(said) {
        if (typeof said?.id !== "string") return { what: "nothing" };
        const known = this.messages.find(other => other.id === said.id);
        const created = known?.created ?? createdOf(said);
        /** @type {any} */
        const next = { ...without(without(said, "parts"), "order"), created, parts: known?.parts ?? [] };
        if (known?.order) next.order = known.order;
        if (Array.isArray(said.parts)) arrange(next, said.parts);
        if (known) {
            this.messages[this.messages.indexOf(known)] = next;
            return { what: "message", id: said.id };
        }
        if (this.edge && isBefore(next, this.edge)) return { what: "nothing" };
        const place = this.messages.findIndex(other => isBefore(next, other));
        this.messages.splice(place < 0 ? this.messages.length : place, 0, next);
        return { what: "messages" };
    }

    /** A part that is there stays where it is. @param {Part} part */
    part(part) {
        if (typeof part?.id !== "string") return { what: "nothing" };
        const message = this.messages.find(message => message.parts.some(other => other.id === part.id))
            ?? this.messages.find(message => message.id === part.message);
        if (!message) return { what: "nothing" };
        const place = message.parts.findIndex(other => other.id === part.id);
        // A copy: deltas grow it, and the event's line stays as it came.
        const said = { ...part };
        if (place >= 0) message.parts[place] = said;
        else message.parts.splice(placeOfNew(message, part.id), 0, said);
        return { what: "part", id: part.id };
    }

    /** @param {string} id */
    findPart(id) {
        for (let index = this.messages.length - 1; index >= 0; index -= 1) {
            const part = this.messages[index].parts.find(part => part.id === id);
            if (part) return part;
        }
        return undefined;
    }

    /** @param {string} id */
    removePart(id) {
        const message = this.messages.find(message => message.parts.some(part => part.id === id));
        if (!message) return { what: "nothing" };
        message.parts = message.parts.filter(part => part.id !== id);
        return { what: "message", id: message.id };
    }

    /** @param {any} event */
    delta(event) {
        const part = this.findPart(event.part);
        if (!part || typeof event.text !== "string" || event.text === "") return { what: "nothing" };
        const isText = part.type === "text" || part.type === "reasoning";
        const field = isText ? "text" : event.field;
        if (isText ? (event.field ?? "text") !== "text" : part.type !== "tool" || (field !== "raw" && field !== "output")) return { what: "nothing" };
        if (typeof (part[field] ?? "") !== "string") return { what: "nothing" };
        part[field] = (part[field] ?? "") + event.text;
        return { what: "delta", id: part.id, field, text: event.text };
    }
}

/** Messages stand in the order of their creation. @param {{created: number, id: string}} message @param {{created: number, id: string}} other */
function isBefore(message, other) {
    return message.created < other.created || (message.created === other.created && isLess(message.id, other.id));
}

/** A list; nothing where it is kept apart, as a blob. @param {any} value @returns {any[]} */
export function list(value) {
    return Array.isArray(value) ? value : [];
}

/** Ids byte by byte: in UTF-16 the halves of what lies beyond U+FFFF stand before U+E000. @param {string} id @param {string} other */
function isLess(id, other) {
    let at = 0;
    while (at < id.length && id[at] === other[at]) at += 1;
    const [unit, against] = [id.charCodeAt(at), other.charCodeAt(at)];
    const isHigh = unit >= 0xd800 && against >= 0xd800;
    return isHigh && isHalf(unit) !== isHalf(against) ? isHalf(against) : id < other;
}

/** @param {number} unit */
function isHalf(unit) {
    return unit < 0xe000;
}

/** The messages of an answer, in order; of what is said twice the first counts. @param {any} said @returns {Message[]} */
function messagesOf(said) {
    const known = new Set();
    const isNew = (/** @type {any} */ item) => hasID(item) && !known.has(item.id) && known.add(item.id);
    const messages = list(said).filter(isNew);
    known.clear();
    return messages.map(({ parts, order, ...message }) => ({
        ...kept({ order: stringsOf(order) }), ...message, created: createdOf(message), parts: list(parts).filter(isNew),
    })).sort((a, b) => (isBefore(a, b) ? -1 : 1));
}

/** @param {any} item */
function hasID(item) {
    return typeof item?.id === "string";
}

/** @param {any} number of 64 bits */
function isInteger(number) {
    return Number.isInteger(number) && number >= -(2 ** 63) && number < 2 ** 63;
}

/** @param {any} message */
function createdOf(message) {
    return isInteger(message.created) ? message.created : 0;
}

/** What a status says, by name; undefined for a word that is not known. @param {any} said */
function statusOf({ status, attempt, message, next }) {
    if (!statuses.has(status)) return undefined;
    if (status !== "retry") return { status };
    return kept({ status, attempt: isInteger(attempt) && attempt, message: typeof message === "string" && message, next: isInteger(next) && next });
}

/** What a turn says, by name; undefined where it cannot be understood. @param {any} said */
function turnOf(said) {
    if (!isInteger(said?.turn) || !turnStates.has(said.state)) return undefined;
    const error = isObject(said.error) && said.error;
    return kept({ turn: said.turn, state: said.state, prompts: stringsOf(said.prompts), error, resumed: said.resumed === true });
}

/** The strings of a list; false where there are none. @param {any} value */
function stringsOf(value) {
    const strings = list(value).filter(item => typeof item === "string");
    return strings.length > 0 && strings;
}

/** What is not there is false here. @param {Record<string, any>} members */
function kept(members) {
    return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== false));
}

/** @param {any} object @param {string} name */
function without(object, name) {
    const { [name]: _, ...rest } = object;
    return rest;
}

/** @param {any[]} list @param {any} item */
function upsert(list, item) {
    if (typeof item?.id !== "string") return;
    const place = list.findIndex(other => other.id === item.id);
    if (place < 0) list.push(item);
    else list[place] = item;
}

/** @param {any[]} list @param {string} id */
function remove(list, id) {
    const place = list.findIndex(other => other.id === id);
    if (place >= 0) list.splice(place, 1);
}

/** What the list names comes first, the others behind in the order that they had. @param {any} message @param {string[]} list */
function arrange(message, list) {
    const named = [...new Set(list.filter(id => typeof id === "string"))];
    const order = [...named, ...(message.order ?? []).filter((/** @type {string} */ id) => !named.includes(id))];
    if (order.length) message.order = order;
    const rank = (/** @type {Part} */ part) => (order.includes(part.id) ? order.indexOf(part.id) : order.length);
    message.parts = [...message.parts].sort((a, b) => rank(a) - rank(b));
}

/** @param {any} message @param {string} id */
function placeOfNew(message, id) {
    const rank = message.order?.indexOf(id) ?? -1;
    const place = rank < 0 ? -1 : message.parts.findIndex((/** @type {Part} */ part) => !message.order.slice(0, rank).includes(part.id));
    return place < 0 ? message.parts.length : place;
}

const statuses = new Set(["idle", "busy", "retry", "stopping"]);
const turnStates = new Set(["started", "done", "stopped", "failed", "interrupted"]);

/** @param {any} value */
export function isObject(value) {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
