// @ts-check
// The JavaScript client of Reprise: one module, no dependencies, for browsers and node. It subscribes to a topic and comes back after any
// interruption at exactly the next event; it sends commands under one id until they are answered.
//
// The rule that keeps it right: the position of the last event that was handed over is the only thing that a reconnect needs. Nothing is
// handed over twice, and a `snapshot` or a `gap` is handed over as such, never skipped.

/** @typedef {{at: string, ts: number, event: any, by?: string, origin?: string}} EventLine */
/** @typedef {{type: string, [key: string]: any}} ControlLine */
/** @typedef {"connecting"|"live"|"waiting"|"closed"} ConnectionState */

/** Exponential backoff with full jitter: a random time below a bound that doubles. Times in ms. */
export class Backoff {
    constructor(base = 1000, cap = 30000, random = Math.random) {
        this.base = base;
        this.cap = cap;
        this.random = random;
        this.attempt = 0;
    }

    next() {
        const bound = Math.min(this.cap, this.base * 2 ** this.attempt);
        this.attempt += 1;
        return this.random() * bound;
    }

    reset() {
        this.attempt = 0;
    }
}

/** An answer that is an RFC 9457 problem. `code` is stable. */
export class Problem extends Error {
    /** @param {number} status @param {any} body @param {string | null} [retryAfter] seconds; a date is as good as nothing said */
    constructor(status, body, retryAfter) {
        super(body?.detail ?? body?.title ?? `HTTP ${status}`);
        this.status = status;
        this.code = body?.code ?? "unknown";
        this.body = body;
        /** When to come back at the earliest, ms from now: at most an hour. */
        this.retryAfter = /^\d+$/.test(retryAfter ?? "") ? Math.min(Number(retryAfter), 3600) * 1000 : 0;
    }
}

/** The command is on disk, and what it is to make is not there yet. */
export class UnderWay extends Error {}

/** Of the errors of the server's own, those that the same request does not mend (and OpenCode's absence, which is for a person to mend). */
const finalCodes = new Set(["not_implemented", "version_not_supported", "upstream_refused", "uncertain", "upstream_unavailable"]);

/** What the server has taken is asked after at first so soon, later so seldom (ms): OpenCode takes a command at once, or is away. */
const [soon, seldom] = [50, 4000];
/** How long what may be late for what it was meant for is tried, ms. */
const soonOver = 5000;
/** How long a command's answer may take to begin at the first try, ms: it follows one commit. Each further try may take twice as long. */
const firstSilence = 15000;
/** A try has the whole time of its command at most, and so long (ms) at least. */
const shortest = 1000;
/** What is younger, ms, is not sent again for a connection that has come since. */
const fresh = 3000;
/** Why a request was ended that is to be sent again at once. */
const anew = new Error("the way is new");

/** What may be over by itself: a time that was over, too many requests, whatever is the server's own fault. @param {number} status */
function isPassing(status) {
    return status === 408 || status === 429 || status >= 500;
}

/** A command id: time and randomness, of the characters that ids may have. */
export function commandID() {
    const random = crypto.getRandomValues(new Uint8Array(12));
    return "c" + Date.now().toString(36) + "-" + Array.from(random, byte => (byte % 36).toString(36)).join("");
}

/** @typedef {{signal?: AbortSignal, onWait?: (reason: Error) => void, timeout?: number}} Patience `timeout`: ms, how long it is tried again */

/** A Reprise server: its address, the token, and what to connect with. */
export class Reprise {
    /**
     * @param {{url: string, token: string, WebSocket?: any, fetch?: typeof fetch, random?: () => number,
     *          backoff?: () => Backoff, requestTimeout?: number, commandTimeout?: number}} options `WebSocket`: a constructor, where the platform
     *          has none of its own; `requestTimeout`: how long an answer may take to begin, ms; `commandTimeout`: how long a command or a publish is
     *          tried again before it fails, ms
     */
    constructor(options) {
        this.url = options.url.replace(/\/+$/, "");
        this.token = options.token;
        this.WebSocket = options.WebSocket ?? globalThis.WebSocket;
        this.fetch = options.fetch ?? globalThis.fetch.bind(globalThis);
        this.requestTimeout = options.requestTimeout ?? 90000;
        this.commandTimeout = options.commandTimeout ?? 600000;
        this.newBackoff = options.backoff ?? (() => new Backoff(1000, 30000, options.random));
        /** Ends the waits of what is to be sent again. @type {Set<() => void>} */
        this.waiting = new Set();
        /** Requests that may be ended and sent again at any time. @type {Set<{since: number, bytes: number, end: () => void}>} */
        this.tries = new Set();
    }

    /**
     * One request; resolves to the JSON of the answer, rejects with a `Problem`. @param {string} method @param {string} path @param {any} [body]
     * @param {Record<string, string>} [headers] @param {{signal?: AbortSignal, limit?: number, isRepeated?: boolean}} [options] `signal` ends it,
     * `limit`: how long its answer may take to begin, ms; `isRepeated`: it is sent again when it fails
     */
    async request(method, path, body, headers = {}, { signal, limit: silence = this.requestTimeout, isRepeated = false } = {}) {
        const content = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
        // A connection that has died without a word brings nothing, for ever. A body may take what the server allows it; an answer that has
        // begun comes as slowly as the link lets it.
        const abort = new AbortController();
        const limit = (/** @type {number} */ time) => setTimeout(() => abort.abort(new Error("no answer")), time);
        let timer = limit(silence + (content?.length ?? 0) / 16);
        const give = () => abort.abort(new Error("aborted"));
        signal?.addEventListener("abort", give);
        const one = { since: Date.now(), bytes: content?.length ?? 0, end: () => abort.abort(anew) };
        if (isRepeated) this.tries.add(one);
        try {
            if (signal?.aborted) throw new Error("aborted");
            const response = await this.exchange(method, path, content, headers, abort.signal);
            clearTimeout(timer);
            timer = limit(longestSilence);
            return await answerOf(response);
        } finally {
            clearTimeout(timer);
            signal?.removeEventListener("abort", give);
            this.tries.delete(one);
        }
    }

    /** @param {string} method @param {string} path @param {string | undefined} body @param {Record<string, string>} headers @param {AbortSignal} signal */
    exchange(method, path, body, headers, signal) {
        return this.fetch(this.url + path, {
            method,
            headers: {
                Authorization: `Bearer ${this.token}`,
                ...(body === undefined ? {} : { "Content-Type": "application/json" }),
                ...headers,
            },
            body,
            signal,
        });
    }

    /** Sends a command under one id until it is answered: what is lost on the way is sent again, what ran is not run again. @param {string} path @param {any} body @param {Patience} [patience] */
    command(path, body, patience) {
        const withID = { ...body, id: body.id ?? commandID() };
        const waits = { ...patience, timeout: patience?.timeout ?? this.commandTimeout };
        const longest = Math.min(this.requestTimeout, Math.max(waits.timeout, shortest));
        let limit = firstSilence / 2;
        const ask = () => {
            limit = Math.min(limit * 2, longest);
            return this.request("POST", path, withID, {}, { signal: waits.signal, limit, isRepeated: true });
        };
        return this.persist(ask, waits);
    }

    /**
     * Asks until there is an answer that asking again cannot change, or the time is over, and rejects with that. `onWait` is told why it waits.
     * @template T @param {() => Promise<T>} ask @param {Patience} [patience] @returns {Promise<T>}
     */
    async persist(ask, { signal, onWait, timeout = Infinity } = {}) {
        const end = Date.now() + timeout;
        const backoff = this.newBackoff();
        for (;;) {
            const wait = backoff.next();
            let asked = 0;
            let reason;
            try {
                return await ask();
            } catch (error) {
                if (error === anew && !signal?.aborted && Date.now() < end) continue;
                if (error instanceof Problem) {
                    if (!isPassing(error.status) || finalCodes.has(error.code)) throw error;
                    asked = error.retryAfter;
                }
                if (signal?.aborted || Date.now() + asked + wait >= end) throw error;
                reason = error instanceof Error ? error : new Error(String(error));
                onWait?.(reason);
            }
            // What the server asked for is waited out; of the rest `wake` makes an end.
            if (asked > 0) await this.pause(asked, signal, false);
            if (await this.pause(wait, signal)) backoff.reset();
            // A machine that slept meanwhile comes too late.
            if (Date.now() >= end) throw reason;
        }
    }

    /** Waits so long, or until `wake`: true then. @param {number} time ms @param {AbortSignal} [signal] @param {boolean} [canWake] @returns {Promise<boolean>} */
    pause(time, signal, canWake = true) {
        return new Promise((resolve, reject) => {
            if (signal?.aborted) return reject(new Error("aborted"));
            const end = (/** @type {() => void} */ settle) => {
                clearTimeout(timer);
                this.waiting.delete(wake);
                signal?.removeEventListener("abort", abort);
                settle();
            };
            const wake = () => end(() => resolve(true));
            const abort = () => end(() => reject(new Error("aborted")));
            const timer = setTimeout(() => end(() => resolve(false)), time);
            if (canWake) this.waiting.add(wake);
            signal?.addEventListener("abort", abort);
        });
    }

    /** Sends at once what waits to be sent again: the server answers, the network is back, the tab is looked at. */
    wake() {
        for (const wake of [...this.waiting]) wake();
    }

    /** A connection that was begun then has come to life: what was sent before and is not answered may have met a dead one. It is sent again. @param {number} since */
    renew(since) {
        for (const one of [...this.tries]) if (one.since < since && Date.now() - one.since > fresh + one.bytes / 16) one.end();
    }

    /** @param {{search?: string, archived?: boolean, cursor?: string, limit?: number}} [query] */
    sessions(query = {}) {
        return this.request("GET", "/v1/sessions" + queryString(query));
    }

    /** Resolves to the session. Asked for under one id until OpenCode has made it: an answer that it is on its way is none yet. @param {{title?: string, directory?: string, agent?: string, model?: any, id?: string}} options @param {Patience} [patience] */
    create(options = {}, patience) {
        const body = { ...options, id: options.id ?? commandID() };
        const ask = async () => {
            const answer = await this.request("POST", "/v1/sessions", body);
            if (answer.do) throw new UnderWay("OpenCode has not made the session yet");
            return answer;
        };
        return this.persist(ask, { timeout: this.commandTimeout, ...patience });
    }

    /** @param {string} session */
    open(session) {
        return this.request("GET", path`/v1/sessions/${session}`);
    }

    /** @param {string} session @param {string} before */
    olderMessages(session, before, limit = 25) {
        return this.request("GET", path`/v1/sessions/${session}/messages` + queryString({ before, limit }));
    }

    /** What is kept apart in a session's log or in an answer: a text, or the value itself where it is JSON. @param {string} session @param {string} hash `sha256-…` */
    blob(session, hash) {
        return this.request("GET", path`/v1/sessions/${session}/blobs/${hash}`);
    }

    /** @param {string} session @param {string} content @param {{id?: string, agent?: string, model?: any}} [options] @param {Patience} [patience] */
    prompt(session, content, options = {}, patience) {
        return this.command(path`/v1/sessions/${session}/chat`, { content, ...options }, patience);
    }

    /** How a command of the session goes on: `state`, and `error` where it was refused or nobody knows. @param {string} session @param {string} id */
    commandState(session, id) {
        return this.request("GET", path`/v1/sessions/${session}/commands/${id}`);
    }

    /** Asks how a command of the session goes on until it is done: resolves to it then, and rejects where it was refused, or nobody knows. `onWait`: it is not with OpenCode yet. @param {string} session @param {string} id @param {{signal?: AbortSignal, onWait?: () => void}} [options] */
    async settled(session, id, { signal, onWait } = {}) {
        for (let wait = soon; ; wait = Math.min(wait * 2, seldom)) {
            const command = await this.persist(() => this.commandState(session, id), { signal });
            if (command.error) throw Object.assign(new Error(command.error.detail), { code: command.error.code });
            if (command.state === "done") return command;
            if (wait >= 1000) onWait?.();
            await this.pause(wait, signal);
        }
    }

    /** Without a turn it is for whatever runs when it arrives: it is tried for a few seconds only. @param {string} session @param {{id?: string, turn?: number}} [options] @param {Patience} [patience] */
    stop(session, options = {}, patience = options.turn === undefined ? { timeout: soonOver } : {}) {
        return this.command(path`/v1/sessions/${session}/stop`, options, patience);
    }

    /** @param {string} session @param {string} permission @param {"once"|"always"|"reject"} reply @param {string} [message] @param {Patience} [patience] */
    replyToPermission(session, permission, reply, message, patience) {
        return this.command(path`/v1/sessions/${session}/permissions/${permission}`, { reply, message }, patience);
    }

    /** @param {string} session @param {string} question @param {Record<string, any> | null} answer null rejects @param {Patience} [patience] */
    replyToQuestion(session, question, answer, patience) {
        return this.command(path`/v1/sessions/${session}/questions/${question}`, answer === null ? { reject: true } : { answer }, patience);
    }

    /** Publishes to a plain topic, once, however often the way breaks. @param {string} topic @param {any[]} events @param {Patience} [patience] */
    publish(topic, events, patience) {
        const body = events.map(event => JSON.stringify(event) + "\n").join("");
        const headers = { "Content-Type": "application/x-ndjson", "Idempotency-Key": commandID() };
        return this.persist(() => this.request("POST", path`/v1/topics/${topic}/events`, body, headers), { timeout: this.commandTimeout, ...patience });
    }

    /** Follows a session's topic. @param {string} session @param {SubscriptionOptions} options */
    subscribe(session, options) {
        return new Subscription(this, path`/v1/sessions/${session}/websocket`, options);
    }

    /** Follows any topic. @param {string} topic @param {SubscriptionOptions} options */
    subscribeToTopic(topic, options) {
        return new Subscription(this, path`/v1/topics/${topic}/websocket`, options);
    }
}

/**
 * @typedef {{after?: string,
 *   onEvent: (line: EventLine, text: string) => void,
 *   onControl?: (line: ControlLine) => void,
 *   onState?: (state: ConnectionState, detail?: string) => void,
 *   onEnd?: (reason: Problem | Error) => void}} SubscriptionOptions `after`: a position, "earliest", or
 *   nothing. `onControl` is not given heartbeats; `onEnd` comes when trying again cannot help
 */

/** However slow a link may be: after so long a connection is dead, ms. */
const longestSilence = 600000;

/** One topic, followed until `close`. */
export class Subscription {
    /** @param {Reprise} server @param {string} path @param {SubscriptionOptions} options */
    constructor(server, path, options) {
        this.server = server;
        this.path = path;
        this.options = options;
        /** The position of the last event that was handed over. @type {string | undefined} */
        this.position = options.after;
        this.backoff = server.newBackoff();
        this.heartbeat = 25000;
        this.isClosed = false;
        /** Whether the handshake of this connection was answered. */
        this.isOpen = false;
        /** Whether this connection brought a line beyond `hello`. */
        this.isHeard = false;
        /** How many times the usual silence is borne. */
        this.patience = 1;
        /** @type {any} */
        this.socket = null;
        /** @type {any} */
        this.timer = null;
        /** @type {number | null} when the server asked us to come back, ms from its word */
        this.retry = null;
        /** When it may be tried again at the earliest, by the steady clock, ms. */
        this.notBefore = 0;
        /** What it waits beyond that by itself, ms. */
        this.backoffTime = 0;
        /** Whether the server is being asked why it refused, and so when it wants to be tried again. */
        this.isAsking = false;
        /** When something was last heard, by the clock that goes on while the machine sleeps: ms since 1970. */
        this.heardAt = 0;
        /** When this connection was begun, by the same clock. */
        this.begunAt = 0;
        this.connect();
    }

    /** Stops following. */
    close() {
        this.isClosed = true;
        clearTimeout(this.timer);
        this.drop(1000);
        this.options.onState?.("closed");
    }

    /** Tries at once instead of waiting, but not before the server wants it: the network is back, the tab is looked at. A connection that was silent for longer than a heartbeat has not survived the sleep. */
    wake() {
        if (this.isClosed || (this.socket && Date.now() - this.heardAt < this.heartbeat * 1.2 * this.patience)) return;
        if (this.socket) this.bearMore();
        this.drop(1000);
        this.backoff.reset();
        this.backoffTime = 0;
        // It had said when it wants us back; its close has not come.
        if (this.retry !== null) this.notBefore = performance.now() + this.retry;
        this.retry = null;
        if (!this.isAsking) this.connectLater();
    }

    connectLater() {
        clearTimeout(this.timer);
        const wait = Math.max(0, this.notBefore - performance.now()) + this.backoffTime;
        if (wait > 0) this.timer = setTimeout(() => this.connect(), wait);
        else this.connect();
    }

    connect() {
        if (this.isClosed || this.socket) return;
        this.options.onState?.("connecting");
        const address = this.server.url.replace(/^http/, "ws") + this.path + (this.position ? `?after=${encodeURIComponent(this.position)}` : "");
        this.isOpen = this.isHeard = false;
        this.begunAt = this.heardAt = Date.now();
        const socket = new this.server.WebSocket(address, ["reprise.v1", `reprise.token.${this.server.token}`]);
        this.socket = socket;
        this.watch(15000);
        socket.onopen = () => {
            this.isOpen = true;
            this.heardAt = Date.now();
            this.watch(this.silence);
        };
        socket.onmessage = (/** @type {any} */ message) => this.socket === socket && this.receive(message.data);
        socket.onclose = (/** @type {any} */ event) => this.socket === socket && this.lost(event.code);
        socket.onerror = () => {};
    }

    /** After so long without a message a connection is dead, ms. */
    get silence() {
        const usual = this.heartbeat * 2.2;
        return Math.min(usual * this.patience, Math.max(usual, longestSilence));
    }

    /** A connection that brings nothing for so long is dead. @param {number} time ms */
    watch(time) {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.silent(), time);
    }

    /** One that brought nothing of its own may be a slow one with a large line on its way, of which a WebSocket does not tell: the next one may take twice as long. */
    bearMore() {
        if (this.isOpen && !this.isHeard && this.silence < longestSilence) this.patience *= 2;
    }

    silent() {
        this.bearMore();
        this.lost(0);
    }

    /** @param {number} code */
    drop(code) {
        const socket = this.socket;
        this.socket = null;
        if (!socket) return;
        socket.onopen = socket.onmessage = socket.onclose = null;
        try {
            socket.close(code);
        } catch {
            // A socket that is still connecting has nothing to say goodbye to.
        }
    }

    /** @param {number} code */
    lost(code) {
        const isRefused = !this.isOpen;
        this.drop(1000);
        if (this.isClosed) return;
        this.notBefore = performance.now() + (this.retry ?? 0);
        this.backoffTime = this.retry === null ? this.backoff.next() : 0;
        this.retry = null;
        this.isAsking = isRefused;
        this.options.onState?.("waiting", code ? `closed with ${code}` : "no answer");
        // Who hears of it may have closed or woken it.
        if (this.isClosed || this.socket) return;
        clearTimeout(this.timer);
        if (isRefused) this.connectWhenAsked();
        else this.connectLater();
    }

    async connectWhenAsked() {
        const atLeast = await Promise.race([this.askWhy(), sleep(5000).then(() => 0)]);
        if (this.isClosed) return;
        this.isAsking = false;
        this.notBefore = Math.max(this.notBefore, performance.now() + atLeast);
        this.connectLater();
    }

    /** A WebSocket is not told why its handshake was refused; a page of the same topic is. What trying again cannot mend ends it; else when to come back at the earliest, ms. */
    async askWhy() {
        try {
            const page = this.path.replace(/websocket$/, "events") + queryString({ after: this.position, limit: 1 });
            await this.server.request("GET", page, undefined, { Accept: "application/x-ndjson" });
            return 0;
        } catch (error) {
            if (this.isClosed || this.socket || !(error instanceof Problem)) return 0;
            if (error.status < 400 || isPassing(error.status)) return error.retryAfter;
            this.close();
            this.options.onEnd?.(error);
            return 0;
        }
    }

    /** A message holds one line or many. @param {string} text */
    receive(text) {
        let from = 0;
        this.heardAt = Date.now();
        while (from < text.length && !this.isClosed) {
            const end = text.indexOf("\n", from);
            if (end < 0) break;
            try {
                this.line(text.slice(from, end + 1));
            } catch (error) {
                // A handler's error is its own: it must not cost the lines behind.
                setTimeout(() => { throw error; });
            }
            from = end + 1;
        }
        if (!this.isClosed && this.socket) this.watch(this.silence);
    }

    /** @param {string} text */
    line(text) {
        const line = JSON.parse(text);
        if (line.type !== "hello") {
            this.isHeard = true;
            this.patience = 1;
        }
        if (line.at !== undefined) {
            try {
                this.options.onEvent(line, text);
            } finally {
                this.position = line.at;
            }
            return;
        }
        if (line.type === "hello") {
            this.heartbeat = line.heartbeat_ms ?? this.heartbeat;
            // Who said nothing stands at the head of now: what comes until the first event may be missed otherwise.
            if (!this.position && line.start === "exact") this.position = line.head;
            this.backoff.reset();
            this.options.onState?.("live");
            this.server.renew(this.begunAt);
            this.server.wake();
        }
        if (line.type === "heartbeat") return;
        if (line.type === "drain") this.retry = line.retry_ms;
        if (line.type === "snapshot") this.position = line.position;
        // Without an end a snapshot follows it: cut off before that has come, there is nothing to go on from.
        if (line.type === "gap") this.position = line.to ?? undefined;
        this.options.onControl?.(line);
    }
}

/** The JSON of an answer, or its text. @param {Response} response */
async function answerOf(response) {
    const text = await response.text();
    const isJSON = /json/.test(response.headers.get("content-type") ?? "");
    const value = text && isJSON ? JSON.parse(text) : text;
    if (!response.ok) throw new Problem(response.status, value, response.headers.get("retry-after"));
    return value;
}

/** A path: what is put in stays one step of it. @param {TemplateStringsArray} texts @param {...string} steps */
function path(texts, ...steps) {
    return String.raw({ raw: texts }, ...steps.map(step => encodeURIComponent(step)));
}

/** @param {Record<string, any>} query */
function queryString(query) {
    const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
    return pairs.length ? "?" + new URLSearchParams(pairs.map(([key, value]) => [key, String(value)])).toString() : "";
}

/** @param {number} time ms */
function sleep(time) {
    return new Promise(resolve => setTimeout(resolve, time));
}
