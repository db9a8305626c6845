// A prompt whose first request is never answered, and a connection of a subscription that greets: two seconds after the prompt, then when it is
// four seconds old (by a clock that is put forward), then one that was begun before the second request. Prints how many requests were sent after
// each, and what the prompt was answered with. Usage: node run-renewal.mjs CLIENT

import { pathToFileURL } from "node:url";

const [, , client] = process.argv;
const { Reprise, Backoff } = await import(pathToFileURL(client).href);
const [now, bodies, sent] = [Date.now, [], []];
let ahead = 0;
setTimeout(() => process.exit(1), 10000);
Date.now = () => now() + ahead;

const fetch = (url, { body, signal }) => {
    bodies.push(body);
    return new Promise((resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
        if (bodies.length > 1) answer = () => resolve(new Response('{"state":"done"}', { headers: { "content-type": "application/json" } }));
    });
};
class Greeting {
    constructor() { sockets.push(this); }
    close() {}
    greet() { this.onopen(); this.onmessage({ data: '{"type":"hello","start":"exact","head":"0","heartbeat_ms":25000}\n' }); }
}
const sockets = [];
let answer;
const server = new Reprise({ url: "http://x", token: "t", fetch, WebSocket: Greeting, backoff: () => new Backoff(600000, 600000) });
const settle = () => new Promise(resolve => setTimeout(resolve, 50));
const follow = () => server.subscribe("ses_1", { onEvent() {} });
const prompt = server.prompt("ses_1", "hello", { id: "c1" });
for (const passed of [2000, 2000]) {
    ahead += passed;
    follow();
    sockets.at(-1).greet();
    await settle();
    sent.push(bodies.length);
}
ahead += 60000;
sockets[0].greet();
await settle();
sent.push(bodies.length);
answer?.();
const { state } = await prompt;
process.stdout.write(JSON.stringify({ sent, state, isSame: new Set(bodies).size === 1 }) + "\n", () => process.exit(0));
