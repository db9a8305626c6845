// Folds the vectors of protocol/vectors/fold as the page does, and plays what can come between an older page and the events. Prints one line
// for each that is wrong, and how many were tried.
//
//     node run-folds.mjs FOLD.JS VECTORS_FOLDER
import { readFileSync, readdirSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { pathToFileURL } from "node:url";

const [fold, vectors] = process.argv.slice(2);
const { SessionState } = await import(pathToFileURL(fold).href);

/** Plain data, as an answer of the server has it. */
function plain(state) {
    const { status, error, turns, messages, permissions, questions, tasks, queue } = state;
    const session = state.isRemoved ? { ...state.session, gone: true } : state.session ?? undefined;
    const all = { session, status, error: error ?? undefined, turns, messages, permissions, questions, tasks, queue };
    return JSON.parse(JSON.stringify(all));
}

const wrong = [];
let tried = 0;

function check(name, given, wanted) {
    tried += 1;
    if (!isDeepStrictEqual(given, wanted)) wrong.push(`${name}: ${JSON.stringify(given)} is not ${JSON.stringify(wanted)}`);
}

for (const file of readdirSync(vectors)) {
    const { cases = [], answers = [] } = JSON.parse(readFileSync(`${vectors}/${file}`, "utf8"));
    for (const { name, answer, state } of [...answers, ...cases.map(given => ({ ...given, answer: given.state }))]) {
        check(`${file}: ${name}: taken from an answer`, plain(SessionState.from(structuredClone(answer))), JSON.parse(JSON.stringify(state)));
    }
    for (const { name, events, state } of cases) {
        const folded = new SessionState();
        const lines = events.map((event, index) => ({ at: String(index).padStart(5, "0"), event: structuredClone(event) }));
        for (const line of lines) folded.apply(line);
        check(`${file}: ${name}`, plain(folded), JSON.parse(JSON.stringify(state)));
        check(`${file}: ${name}: the events stay as they came`, lines.map(line => line.event), events);
    }
}

// A topic of many messages. A page of the oldest is read at any place of it, asked for at an earlier one and taken in at a later one.
const old = id => ({ id: `m${id}`, role: "assistant", created: id });
const open = (id, text) => ({ type: "part", part: { id: `p${id}`, message: `m${id}`, type: "text", text, open: true } });
const delta = (id, text) => ({ type: "delta", part: `p${id}`, text });
const topic = [
    ...[1, 2, 3, 4, 5, 6].flatMap(id => [{ type: "message", message: old(id) }, open(id, "")]),
    { type: "turn", turn: 1, state: "done" }, delta(2, "one "), { type: "message.removed", id: "m1" }, delta(2, "two "), delta(5, "new "),
    { type: "part", part: { id: "p3", message: "m3", type: "text", text: "said " } }, delta(3, "and more"), { type: "part.removed", id: "p4" },
    { type: "message", message: { ...old(2), completed: 9 } }, { type: "turn", turn: 2, state: "started" }, delta(6, "newest"), delta(2, "three"),
    { type: "message", message: { ...old(2.5), id: "late" } }, { type: "message.removed", id: "m3" }, { type: "message", message: old(3) },
].map((event, index) => ({ at: String(index).padStart(5, "0"), event }));
const whole = through => {
    const state = new SessionState();
    for (const line of topic.slice(0, through)) state.apply(line);
    return state;
};
const newest = 3;

for (let asked = 12; asked <= topic.length; asked += 1) {
    for (let read = asked; read <= topic.length; read += 1) {
        for (let taken = asked; taken <= topic.length; taken += 1) {
            const start = plain(whole(asked));
            const page = plain(whole(read));
            const state = SessionState.from({ ...start, messages: start.messages.filter(message => message.created > newest), position: topic[asked - 1].at, before: "m4" });
            for (const line of topic.slice(asked, taken)) state.apply(line);
            state.addOlder({ ...page, messages: page.messages.filter(message => message.created <= newest), position: topic[read - 1].at }, topic.slice(asked, taken));
            for (const line of topic.slice(taken)) state.apply(line);
            check(`asked at ${asked}, read at ${read}, taken at ${taken}`, plain(state), plain(whole(topic.length)));
        }
    }
}

console.log(JSON.stringify({ tried, wrong }));
