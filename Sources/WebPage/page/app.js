// @ts-check
// The page: takes the token, shows the session list, opens one session at a time. Each part of the page is a module of its own.

import { Reprise } from "./reprise.js";
import { SessionList } from "./session-list.js";
import { SessionView } from "./session-view.js";
import { element, showProblem } from "./dom.js";
import { home, takeToken, watchAddress } from "./token.js";
import { watchUpstream } from "./upstream.js";

watchAddress(showProblem);
const { token, refusal } = await takeToken();
const server = new Reprise({ url: home, token });
const view = new SessionView(server);
const list = new SessionList(server, id => open(id));

/** @param {string} id */
function open(id) {
    location.hash = id;
    list.select(id);
    element("sidebar").classList.remove("shown");
    view.open(id).catch(showProblem);
}

/** The session that the address names. @returns {string | undefined} */
function named() {
    const id = location.hash.slice(1);
    // Only what is an id: more of it would be more of a path.
    return /^ses_[A-Za-z0-9._-]+$/.test(id) ? id : undefined;
}

/** Nothing waits any longer: the network is back, or the tab is looked at. */
function wake() {
    server.wake();
    list.wake();
    view.wake();
}

const create = /** @type {HTMLButtonElement} */ (element("new-session"));
create.addEventListener("click", async () => {
    create.disabled = true;
    const from = view.id;
    try {
        const session = await server.create({}, { onWait: showProblem });
        showProblem(null);
        // It may have taken minutes: who reads another one since finds it in the list.
        if (view.id === from) open(session.id);
    } catch (error) {
        showProblem(error);
    } finally {
        create.disabled = false;
    }
});
element("show-sidebar").addEventListener("click", event => { event.stopPropagation(); element("sidebar").classList.toggle("shown"); });
element("bar").parentElement?.addEventListener("click", () => element("sidebar").classList.remove("shown"));
addEventListener("hashchange", () => { const id = named(); if (id && id !== view.id) open(id); });
addEventListener("online", wake);
document.addEventListener("visibilitychange", () => { if (!document.hidden) wake(); });

watchUpstream(server.url);
const wanted = named();
if (wanted) open(wanted);
await list.read().catch(showProblem);
// The address may name one since, and nobody was told yet.
const first = named() ?? list.first();
if (!view.id && first) open(first);
if (refusal) showProblem(refusal);
