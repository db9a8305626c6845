// Follows a topic with the JavaScript client and prints every line as it came. The one who started it ends it.
// Usage: node follow.mjs CLIENT URL TOKEN TOPIC

import { pathToFileURL } from "node:url";

const [client, url, token, topic] = process.argv.slice(2);
const { Reprise, Backoff } = await import(pathToFileURL(client).href);
const server = new Reprise({ url, token, backoff: () => new Backoff(10, 200) });
const print = text => process.stdout.write(text + "\n");
server.subscribeToTopic(topic, {
    after: "earliest",
    onEvent: (line, text) => print(text.trimEnd()),
    onControl: line => print(JSON.stringify(line)),
    onEnd: problem => print(`ended: ${problem.code ?? problem}`),
});
setInterval(() => {}, 60000);
