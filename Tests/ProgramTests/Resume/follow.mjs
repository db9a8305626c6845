// Follows a topic with the JavaScript client and prints every event's line as it came. It ends when its standard output is closed, or after the
// position GOAL is told on... nothing: the one who started it ends it.
// Usage: node follow.mjs CLIENT URL TOKEN TOPIC

import { pathToFileURL } from "node:url";

const [client, url, token, topic] = process.argv.slice(2);
const { Reprise, Backoff } = await import(pathToFileURL(client).href);
const server = new Reprise({ url, token, backoff: () => new Backoff(10, 200) });
server.subscribeToTopic(topic, {
    after: "earliest",
    onEvent: (line, text) => process.stdout.write(text.trimEnd() + "\n"),
    onControl: line => {
        if (!["hello", "heartbeat", "drain"].includes(line.type) || (line.type === "hello" && line.start !== "exact"))
            process.stderr.write(JSON.stringify(line) + "\n");
    },
    onEnd: problem => process.stderr.write(`ended: ${problem.code ?? problem}\n`),
});
setInterval(() => {}, 60000);
