// @ts-check
// How a session's events fold to its state, as protocol/PROTOCOL.md has it. The state is plain data; whoever shows it is told what changed.

/** @typedef {{id: string, message: string, type: string, text?: any, [key: string]: any}} Part */
/** @typedef {{id: string, role: string, created: number, parts: Part[], [key: string]: any}} Message */

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
    }

    /** The state that `GET /v1/sessions/{id}` or a `snapshot` gives. @param {any} body */
    static from(body) {
        const state = new SessionState();
        state.session = body.session;
        state.status = typeof body.status === "string" ? { status: body.status } : body.status;
        state.turns = body.turns ?? [];
        state.messages = body.messages ?? [];
        for (const message of state.messages) message.parts ??= [];
        state.permissions = body.permissions ?? [];
        state.questions = body.questions ?? [];
        state.tasks = body.tasks ?? [];
        state.queue = body.queue ?? [];
        state.error = body.error ?? null;
        state.position = body.position;
        state.before = body.before;
        return state;
    }

    /** Applies one event line; gives what changed: `{what, id?}`. @param {{at: string, event: any}} line */
    apply(line) {
        if (this.position !== undefined && line.at <= this.position) return { what: "nothing" };
        this.position = line.at;
        return this.fold(line.event);
    }

    /** @param {any} event @returns {{what: string, id?: string, field?: string, text?: string}} */
    fold(event) {
        switch (event.type) {
            case "session":
                if (!isObject(event.session)) return { what: "nothing" };
                this.session = event.session;
                this.isRemoved = event.session.gone === true;
                return { what: "session" };
            case "session.removed": this.isRemoved = true; return { what: "session" };
            case "status": if (statuses.has(event.status)) this.status = without(event, "type"); return { what: "status" };
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
            case "outage": return { what: "outage" };
            case "notice": return { what: "notice" };
            default: return { what: "nothing" };
        }
    }

    /** @param {any} event */
    turn(event) {
        const turn = without(event, "type");
        if (!Number.isInteger(turn.turn) || !turnStates.has(turn.state)) return { what: "nothing" };
        const place = this.turns.findIndex(known => known.turn >= turn.turn);
        if (place < 0) this.turns.push(turn);
        else this.turns.splice(place, this.turns[place].turn === turn.turn ? 1 : 0, turn);
        if (turn.state === "started") this.error = null;
        return { what: "turn" };
    }

    /** @param {any} said */
    message(said) {
        if (typeof said?.id !== "string") return { what: "nothing" };
        const known = this.messages.find(other => other.id === said.id);
        const created = known?.created ?? (Number.isInteger(said.created) ? said.created : 0);
        /** @type {any} */
        const next = { ...without(without(said, "parts"), "order"), created, parts: known?.parts ?? [] };
        if (known?.order) next.order = known.order;
        if (Array.isArray(said.parts)) arrange(next, said.parts);
        if (known) {
            this.messages[this.messages.indexOf(known)] = next;
            return { what: "message", id: said.id };
        }
        const place = this.messages.findIndex(other => other.created > created || (other.created === created && other.id > said.id));
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
        if (place >= 0) message.parts[place] = part;
        else message.parts.splice(placeOfNew(message, part.id), 0, part);
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
        for (const message of this.messages) message.parts = message.parts.filter(part => part.id !== id);
        return { what: "messages" };
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
function isObject(value) {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
