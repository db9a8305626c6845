// @ts-check
// What stands between the page and an agent: whether Reprise has an OpenCode at all. Asked again for as long as it has none, or the tab is looked
// at again; while it has one the topics tell of its absence.

import { element } from "./dom.js";

const pause = 5000;
let timer = 0;

/** @param {string} url of the server */
export function watchUpstream(url) {
    const look = async () => {
        clearTimeout(timer);
        if (!document.hidden && !(await isConnected(url))) timer = setTimeout(look, pause);
    };
    document.addEventListener("visibilitychange", look);
    look();
}

/** Shows what is missing, if something is. @param {string} url */
async function isConnected(url) {
    let upstream;
    try {
        upstream = (await (await fetch(url + "/readyz")).json()).opencode;
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
