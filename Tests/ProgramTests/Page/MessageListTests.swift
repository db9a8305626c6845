// What the list of messages draws, given events by hand.

import Foundation
import TestSupport
import Testing
import Wire

@Suite(.ownThread, .serialized, .enabled(if: Chromium.program != nil, "needs Chromium")) struct MessageListTests {
    private static func openList() throws -> BrowserTab {
        let relay = try RelayProcess()
        let tab = try Chromium(relay.folder).open(relay)
        try tab.evaluate(
            """
            (async () => {
              const { SessionState } = await import(location.origin + '/fold.js');
              const { MessageList } = await import(location.origin + '/message-list.js');
              const [state, place] = [new SessionState(), document.createElement('section')];
              document.body.append(place);
              const list = new MessageList(place, async () => {});
              list.reset(state);
              let count = 0;
              window.say = event => list.update(state, state.apply({ at: String(++count).padStart(10, '0'), event }));
              window.shown = () => [...place.children].filter(child => !child.hidden).map(child => child.dataset.remark ?? child.innerText.trim());
              window.list = place;
              for (const id of ['m1', 'm2']) {
                say({ type: 'message', message: { id, role: 'user', created: 10 } });
                say({ type: 'part', part: { id: id + '.t', message: id, type: 'tool', call: 'c', name: id, state: 'completed' } });
              }
            })()
            """)
        return tab
    }

    @Test(.timeLimit(.minutes(3))) func `a tool that was opened stays open when messages come and go`() throws {
        let tab = try Self.openList()
        try tab.evaluate("window.tool = list.querySelector('.tool'), tool.open = true")
        try tab.evaluate("say({ type: 'message', message: { id: 'm0', role: 'user', created: 5 } })")
        try tab.evaluate("say({ type: 'message', message: { id: 'm3', role: 'user', created: 20 } })")
        try tab.evaluate("say({ type: 'message.removed', id: 'm2' })")
        #expect(try tab.evaluate("list.querySelector('.tool') === tool && tool.open")?.bool == true)
        #expect(try tab.evaluate("list.querySelectorAll('article').length")?.int == 3)
        #expect(try tab.evaluate("list.querySelectorAll('article')[1].contains(tool)")?.bool == true, "in the order of their creation")
        try tab.evaluate("say({ type: 'part.removed', id: 'm1.t' })")
        #expect(try tab.evaluate("list.querySelector('.tool') === null")?.bool == true)
    }

    @Test(.timeLimit(.minutes(3))) func `what is open and has the focus keeps it while its tool goes on`() throws {
        let tab = try Self.openList()
        let running = "type: 'tool', id: 'm2.t', message: 'm2', call: 'c', name: 'm2', state: 'running', output: 'one '"
        try tab.evaluate("say({ type: 'part', part: { \(running) } })")
        try tab.evaluate("window.tool = list.querySelectorAll('.tool')[1], tool.open = true, tool.querySelector('summary').focus()")
        try tab.evaluate("say({ type: 'delta', part: 'm2.t', field: 'output', text: 'two' })")
        #expect(try tab.evaluate("tool.isConnected && tool.querySelector('.output').textContent")?.string == "one two")
        let isFocused = "document.activeElement === list.querySelectorAll('.tool[open] summary')[0]"
        for event in ["type: 'part', part: { \(running), title: 't' }", "type: 'message', message: { id: 'm2', role: 'user', created: 10 }"] {
            try tab.evaluate("say({ \(event) })")
            #expect(try tab.evaluate(isFocused)?.bool == true, "\(event)")
        }
        #expect(try tab.evaluate("tool.isConnected")?.bool == false, "it was drawn again")
    }

    @Test(.timeLimit(.minutes(3))) func `what is kept apart or cannot be drawn is told as such, and costs the others nothing`() throws {
        let tab = try Self.openList()
        let blob = "{ $blob: 'sha256-00', bytes: 70000 }"
        try tab.evaluate("say({ type: 'part', part: { type: 'tool', id: 'm1.t', message: 'm1', title: \(blob), error: { message: \(blob) } } })")
        try tab.evaluate("say({ type: 'message', message: { id: 'm2', role: 'user', created: 10, error: { name: 'e', message: \(blob) } } })")
        try tab.evaluate("say({ type: 'part', part: { type: 'text', id: 'x', message: 'm1', text: { toJSON() { throw 0; } } } })")
        let texts = "[...list.querySelectorAll('.what, .output, .note')].map(one => one.textContent).filter(Boolean).join('; ')"
        let apart = "(70000 bytes, kept apart)"
        #expect(try tab.evaluate(texts)?.string == "\(apart); \(apart); This part cannot be shown; \(apart)")
    }

    @Test(.timeLimit(.minutes(3))) func `a turn's end cuts short what is open, however far up it stands, and once`() throws {
        let tab = try Self.openList()
        try tab.evaluate(
            """
            for (const [id, turn] of [['a', 1], ['b', undefined]]) {
              say({ type: 'message', message: { id, role: 'assistant', created: 1, turn } });
              say({ type: 'part', part: { type: 'text', id: id + '.t', message: id, text: 'half', open: true } });
            }
            for (let more = 0; more < 10; more += 1) say({ type: 'message', message: { id: 'n' + more, role: 'user', created: 20 } });
            window.marks = name => list.querySelectorAll(`[data-${name}]`).length;
            """)
        #expect(try tab.evaluate("marks('open')")?.int == 2)
        try tab.evaluate("say({ type: 'turn', turn: 1, state: 'interrupted' })")
        #expect(try tab.evaluate("[marks('open'), marks('cut')].join()")?.string == "0,2")
        try tab.evaluate("say({ type: 'turn', turn: 2, state: 'started' })")
        #expect(try tab.evaluate("[marks('open'), marks('cut')].join()")?.string == "0,2")
        try tab.evaluate("say({ type: 'turn', turn: 1, state: 'started', resumed: true })")
        #expect(try tab.evaluate("[marks('open'), marks('cut')].join()")?.string == "1,1", "it goes on")
    }

    @Test(.timeLimit(.minutes(3))) func `outages and notices are shown once, where they came, and the last error until a turn starts`()
        throws
    {
        let tab = try Self.openList()
        try tab.evaluate("say({ type: 'outage', from: 1000, to: 2000, lost: ['deltas'] })")
        #expect(try tab.evaluate("list.querySelector('[data-remark=outage]').innerText.includes('may be missing')")?.bool == true)
        try tab.evaluate("say({ type: 'error', error: { name: 'unknown', message: 'the model is away' } })")
        #expect(try tab.evaluate("list.lastElementChild.innerText")?.string == "the model is away")
        try tab.evaluate("say({ type: 'message', message: { id: 'm3', role: 'user', created: 20 } })")
        try tab.evaluate("say({ type: 'notice', kind: 'runaway', text: 'a turn <b>runs away</b>' })")
        try tab.evaluate("say({ type: 'outage', from: 1000, to: 3000, lost: ['deltas'], healed: true })")
        #expect(try tab.evaluate("shown().join(' ')")?.string?.hasSuffix("outage user notice error") == true)
        #expect(try tab.evaluate("list.querySelector('[data-remark=outage]').innerText.includes('has been read')")?.bool == true)
        #expect(try tab.evaluate("list.querySelector('[data-remark=notice]').innerText")?.string == "a turn <b>runs away</b>")
        try tab.evaluate("say({ type: 'turn', turn: 1, state: 'started' })")
        #expect(try tab.evaluate("shown().join(' ')")?.string?.hasSuffix("outage user notice") == true)
    }
}
