// Sends one command with the JavaScript client and prints the code that it failed with, or the id that it was answered with, as one line of
// JSON. An answer may take 2 s. Usage: node run-command.mjs CLIENT URL TIMEOUT stop|prompt|create [SESSION], TIMEOUT: how long it is tried
// again, ms.

import { pathToFileURL } from "node:url";

const [client, url, timeout, what, session = "ses_1"] = process.argv.slice(2);
const { Reprise, Backoff } = await import(pathToFileURL(client).href);
const server = new Reprise({ url, token: "token", requestTimeout: 2000, commandTimeout: Number(timeout), backoff: () => new Backoff(10, 50) });
let code, id;
try {
    const send = {
        create: () => server.create({ id: undefined }),
        prompt: () => server.prompt(session, "hello", { id: undefined }),
        stop: () => server.stop(session, { id: undefined }),
    };
    id = (await send[what]()).id;
} catch (error) {
    code = error.code ?? String(error);
}
process.stdout.write(JSON.stringify({ code, id }) + "\n", () => process.exit(0));
