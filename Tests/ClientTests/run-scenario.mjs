// Runs the JavaScript client in one scenario and prints what it handed over, as one line of JSON.
// Usage: node run-scenario.mjs CLIENT URL TOKEN TOPIC EXPECTATION, where EXPECTATION is {"after", "events", "controls", "wakes", "backoff"}: where
// it begins, how many events and control lines to wait for, whether it is woken whenever it waits, and the least that it waits by itself, ms.

import { pathToFileURL } from "node:url";

const [client, url, token, topic, wanted] = process.argv.slice(2);
const { Reprise, Backoff } = await import(pathToFileURL(client).href);
const { after, events, controls, wakes, backoff } = JSON.parse(wanted);
const heard = { events: [], lines: [], controls: [], ends: null };

const server = new Reprise({ url, token, backoff: () => new Backoff(backoff, backoff * 5) });
const subscription = server.subscribeToTopic(topic, {
    after: after ?? undefined,
    onEvent: (line, text) => {
        heard.events.push(line.at);
        heard.lines.push(text);
        stopWhenHeard();
    },
    onControl: line => {
        heard.controls.push(line.type);
        stopWhenHeard();
    },
    onState: state => {
        if (wakes && state === "waiting") setTimeout(() => subscription.wake());
    },
    onEnd: problem => finish(problem.code ?? String(problem)),
});
const limit = setTimeout(() => finish("nothing more came"), 20000);

function stopWhenHeard() {
    if (events + controls > 0 && heard.events.length >= events && heard.controls.length >= controls) finish(null);
}

function finish(ends) {
    clearTimeout(limit);
    heard.ends = ends;
    subscription.close();
    process.stdout.write(JSON.stringify(heard) + "\n", () => process.exit(0));
}
