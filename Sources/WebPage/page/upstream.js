// @ts-check
// What stands between the page and an agent: whether Reprise hears an OpenCode. The topics tell of its absence when it is over, so it is asked
// after while the tab is looked at, oftener while there is none.

import { element } from "./dom.js";

/** ms */
const [pause, longPause] = [5000, 20000];
let timer = 0;

/** @param {string} url of the server */
export function watchUpstream(url) {
    const look = async () => {
        clearTimeout(timer);
        if (document.hidden) return;
        const isThere = await isConnected(url);
        clearTimeout(timer);
        timer = setTimeout(look, isThere ? longPause : pause);
    };
    document.addEventListener("visibilitychange", look);
    look();
}

/** Shows what is missing, if something is. @param {string} url */
async function isConnected(url) {
    let upstream;
    try {
        upstream = (await (await fetch(url + "/readyz", { signal: AbortSignal.timeout(10000) })).json()).opencode;
        if (!upstream) return false;
    } catch {
        // Reprise itself is away: the connection's state says so.
        return false;
    }
    const isThere = upstream.state === "connected";
    element("upstream").hidden = isThere;
    element("upstream").textContent = isThere ? "" : sentences[upstream.state] + (upstream.detail ? ` (${upstream.detail})` : "");
    return isThere;
}

/** @type {Record<string, string>} */
const sentences = {
    none: "No OpenCode: what is stored can be read, nothing new can be asked",
    connecting: "Looking for OpenCode",
    away: "OpenCode cannot be reached; it is tried again",
};
