// @ts-check
// What stands in an object as `{"$blob":…}` is kept apart: fetched here, and put in its place. What cannot be had stays as it is.

import { Problem } from "./reprise.js";

/** A larger one stays kept apart: nobody reads it on a page. */
const largestBytes = 4 << 20;

/**
 * The value with everything in its place; the value itself, where nothing of it is kept apart. What comes of a child session's log may be kept there
 * alone, or (cut out of an answer) only here. @param {import("./reprise.js").Reprise} server @param {string[]} sessions where to ask, in this order
 * @param {any} value @param {AbortSignal} signal @returns {Promise<any>}
 */
export async function whole(server, sessions, value, signal) {
    if (typeof value !== "object" || value === null) return value;
    if (typeof value.$blob === "string") {
        const found = value.bytes <= largestBytes ? await fetched(server, sessions, value.$blob, signal) : undefined;
        return found === undefined ? value : whole(server, sessions, found, signal);
    }
    const members = Object.entries(value);
    const found = await Promise.all(members.map(([, member]) => whole(server, sessions, member, signal)));
    if (found.every((member, place) => member === members[place][1])) return value;
    return Array.isArray(value) ? found : Object.fromEntries(found.map((member, place) => [members[place][0], member]));
}

/** Undefined where none of the sessions has it. @param {import("./reprise.js").Reprise} server @param {string[]} sessions @param {string} hash @param {AbortSignal} signal */
async function fetched(server, sessions, hash, signal) {
    for (const session of new Set(sessions)) {
        try {
            return await server.persist(() => server.blob(session, hash), { signal });
        } catch (error) {
            if (!(error instanceof Problem)) return undefined;
        }
    }
    return undefined;
}
