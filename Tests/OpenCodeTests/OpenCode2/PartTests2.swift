// Messages and parts: what no recording holds, and what must not go back.

import OpenCode
import RelayProtocol
import Testing
import Wire

@Suite struct PartTests2 {
    @Test func `a part without a number may follow the highest number there is`() {
        var driven = Driven2.running()
        let named = #""assistantMessageID":"msg_2","ordinal":9223372036854775807"#
        #expect(driven.durable("session.text.started", named).count == 1)
        #expect(driven.durable("session.text.started", #""assistantMessageID":"msg_2""#).count == 1)
    }

    @Test func `what was written is carried as it came`() {
        var driven = Driven2.running()
        let words = #"\u00e9 \ud83d \/ é"#
        let said = driven.volatile("session.text.delta", #""assistantMessageID":"msg_2","ordinal":0,"delta":"\#(words)""#)
        #expect(said == [#"{"type":"delta","part":"msg_2.t0","text":"\#(words)"}"#])
        let input = #"{"a" : 1e400,"b":"\u0000\/"}"#
        driven.durable("session.tool.input.started", #""assistantMessageID":"msg_2","id":"call_1","name":"mcp_x""#)
        let called = driven.durable(
            "session.tool.called", #""assistantMessageID":"msg_2","id":"call_1","input":\#(input),"executed":false"#)
        #expect(called.first?.contains(#""input":\#(input),"#) == true)
        #expect(called.first?.contains(#""kind":"other""#) == true)
    }

    @Test func `a delta of a text that ended is dropped`() {
        var driven = Driven2.running()
        driven.durable("session.text.ended", #""assistantMessageID":"msg_2","ordinal":0,"text":"half and whole""#)
        #expect(driven.volatile("session.text.delta", #""assistantMessageID":"msg_2","ordinal":0,"delta":" and""#) == [])
        #expect(driven.durable("session.text.ended", #""assistantMessageID":"msg_2","ordinal":0,"text":"half""#) == [])
    }

    @Test func `a delta without a start opens an incomplete part`() {
        var driven = Driven2.running()
        let said = driven.volatile("session.reasoning.delta", #""assistantMessageID":"msg_2","ordinal":0,"delta":"so""#)
        #expect(
            said == [
                #"{"type":"part","part":{"id":"msg_2.r0","message":"msg_2","type":"reasoning","text":"","open":true,"incomplete":true}}"#,
                #"{"type":"delta","part":"msg_2.r0","text":"so"}"#,
            ])
    }

    @Test func `a text that a read found streaming is whole if its beginning is heard, and stays as it is when words were heard`() {
        let object = #"{"id":"msg_2.r0","message":"msg_2","type":"reasoning","text":"","open":true,"started":5}"#
        for isHeard in [false, true] {
            var driven = Driven2.running()
            driven.settle { read in
                read.status = .busy
                let part = PartRead(id: "msg_2.r0", object: Array(object.utf8))
                read.messages = [Driven2.message("msg_2", "assistant", created: 1, parts: [part])]
            }
            if isHeard { driven.volatile("session.reasoning.delta", #""assistantMessageID":"msg_2","ordinal":0,"delta":"so""#) }
            let said = driven.durable("session.reasoning.started", #""assistantMessageID":"msg_2","ordinal":0"#)
            #expect(said.count == (isHeard ? 0 : 1))
        }
    }

    @Test func `a prompt of ours that only a read has shown in the inbox is a message when it is taken up`() {
        var driven = Driven2()
        let id = "msg_0123456789ab0123456789rprs"
        driven.settle { read in
            read.status = .idle
            (read.queue, read.inbox) = (
                Array("[]".utf8), Array(#"[{"id":"\#(id)","type":"user","created":5,"payload":{"text":"mine"}}]"#.utf8)
            )
        }
        driven.restart()
        let said = driven.durable("session.inbox.delivered", #""inboxID":"\#(id)""#)
        #expect(said.contains { $0.contains(#""text":"mine""#) } && driven.wishes == [])
    }

    @Test func `a frame of a message that was never heard of wants a read`() {
        var driven = Driven2.running()
        #expect(driven.volatile("session.text.delta", #""assistantMessageID":"msg_7","ordinal":0,"delta":"x""#) == [])
        #expect(driven.wishes == [.read])
    }

    @Test func `frames that a read has overtaken change nothing`() {
        var driven = Driven2.running()
        driven.durable("session.tool.input.started", #""assistantMessageID":"msg_2","id":"call_1","name":"shell""#)
        let tool =
            #"{"id":"msg_2.call_1","message":"msg_2","type":"tool","call":"call_1","name":"shell","kind":"execute","state":"completed","input":{"command":"ls"},"output":"a"}"#
        let text = #"{"id":"msg_2.t0","message":"msg_2","type":"text","text":"half and whole"}"#
        let parts = [PartRead(id: "msg_2.t0", object: Array(text.utf8)), PartRead(id: "msg_2.call_1", object: Array(tool.utf8))]
        let whole = Driven2.message("msg_2", "assistant", created: 5, #","completed":\#(driven.now + 500),"finish":"stop""#, parts: parts)
        driven.settle {
            $0.status = .busy
            $0.messages = [whole]
        }
        #expect(driven.volatile("session.text.delta", #""assistantMessageID":"msg_2","ordinal":0,"delta":" and""#) == [])
        #expect(
            driven.durable("session.tool.called", #""assistantMessageID":"msg_2","id":"call_1","input":{"command":"ls"},"executed":false"#)
                == [])
        #expect(driven.durable("session.tool.success", #""assistantMessageID":"msg_2","id":"call_1","content":[],"executed":false"#) == [])
        #expect(driven.durable("session.step.ended", #""assistantMessageID":"msg_2","finish":"stop","cost":0,"tokens":{}"#) == [])
    }

    @Test func `a step that is tried again is the same message, without its retry`() {
        var driven = Driven2()
        driven.prompt("msg_1")
        driven.step("msg_2")
        let retry = driven.durable(
            "session.retry.scheduled",
            #""assistantMessageID":"msg_2","attempt":2,"at":77,"error":{"type":"provider.rate-limit","message":"slow","status":429}"#)
        #expect(
            retry == [
                #"{"type":"part","part":{"id":"msg_2.retry","message":"msg_2","type":"retry","attempt":2,"error":{"name":"provider.rate-limit","message":"slow","status":429},"next":77}}"#,
                #"{"type":"status","status":"retry","attempt":2,"message":"slow","next":77}"#,
            ])
        #expect(driven.step("msg_2") == [#"{"type":"status","status":"busy"}"#, #"{"type":"part.removed","id":"msg_2.retry"}"#])
    }

    @Test func `the next step completes what a death left open`() {
        var driven = Driven2.running()
        driven.restart()
        driven.settle { $0.status = .idle }
        driven.prompt("msg_3")
        let said = driven.step("msg_4")
        #expect(said.first?.contains(#""id":"msg_2","role":"assistant""#) == true)
        #expect(said.first?.contains(#""completed":\#(driven.now)"#) == true)
        #expect(driven.folded.messages.first { $0.id == "msg_2" }?.parts.first?.currentText == Array("half".utf8))
    }

    @Test func `arguments that no call followed are kept`() {
        var driven = Driven2.running()
        driven.durable("session.tool.input.started", #""assistantMessageID":"msg_2","id":"call_1","name":"edit""#)
        #expect(
            driven.volatile("session.tool.input.delta", #""assistantMessageID":"msg_2","id":"call_1","delta":"{\"p""#) == [
                #"{"type":"delta","part":"msg_2.call_1","text":"{\"p","field":"raw"}"#
            ])
        #expect(driven.durable("session.tool.input.ended", #""assistantMessageID":"msg_2","id":"call_1","text":"{\"p""#) == [])
        let said = driven.durable(
            "session.tool.failed",
            #""assistantMessageID":"msg_2","id":"call_1","error":{"type":"tool.execution","message":"bad"},"executed":false"#)
        #expect(said.first?.contains(#""state":"error","raw":"{\"p","error":{"name":"tool.execution","message":"bad"}"#) == true)
    }

    @Test func `a todo tool's tasks are told`() {
        var driven = Driven2.running()
        driven.durable("session.tool.input.started", #""assistantMessageID":"msg_2","id":"call_1","name":"todowrite""#)
        driven.durable(
            "session.tool.called",
            #""assistantMessageID":"msg_2","id":"call_1","input":{"todos":[{"content":"a","status":"pending","priority":"high"}]},"executed":false"#
        )
        let said = driven.durable("session.tool.success", #""assistantMessageID":"msg_2","id":"call_1","content":[],"executed":false"#)
        #expect(said.last == #"{"type":"tasks","tasks":[{"id":"1","content":"a","status":"pending","priority":"high"}]}"#)
    }

    @Test func `opaque state of the provider is dropped under all its names`() {
        var driven = Driven2.running()
        for name in ["state", "native", "providerState", "resultState"] {
            let said = driven.durable(
                "session.reasoning.started", #""assistantMessageID":"msg_2","ordinal":\#(driven.now),"\#(name)":{"secret":1}"#)
            #expect(said.count == 1 && said.first?.contains("secret") == false)
        }
    }

    @Test func `a skill is a note with the skill's part`() {
        var driven = Driven2()
        let said = driven.durable("session.skill.activated", #""id":"skl_1","name":"review","text":"do it""#)
        #expect(said.count == 3)
        #expect(said[1].contains(#""type":"skill","name":"review""#))
        #expect(said[2].contains(#""type":"text","synthetic":true,"text":"do it""#))
    }

    @Test func `a switch tells what it was before`() {
        var driven = Driven2()
        driven.durable("session.agent.selected", #""agent":"plan""#)
        let said = driven.durable("session.agent.selected", #""agent":"build""#)
        #expect(said[1].contains(#""type":"switch","agent":"build","extra":{"previous":"plan"}"#))
        #expect(said[2].contains(#""agent":"build""#))
    }

    @Test func `a move changes the directory and is read`() {
        var driven = Driven2()
        let said = driven.durable("session.moved", #""location":{"directory":"/q"},"projectID":"p""#)
        #expect(said[1].contains(#""type":"switch","directory":"/q","extra":{"previous":"/p"}"#))
        #expect(driven.translator.directory == "/q")
        #expect(driven.wishes == [.read])
    }

    @Test func `what others put into the inbox is shown, what is ours is not`() {
        var driven = Driven2()
        let said = driven.enqueue("msg_1", "theirs")
        #expect(
            said == [
                #"{"type":"queue","queue":[{"id":"msg_1","text":"theirs","created":\#(driven.now),"by":"upstream","extra":{"delivery":"steer"}}]}"#
            ])
        var random: any RandomNumberGenerator = Counting()
        let ours = driven.adapter.identifiers(
            for: .prompt(session: "ses_1", directory: nil, parts: [], agent: nil, model: nil), now: 5, random: &random)
        #expect(driven.enqueue(ours[0]) == [])
        #expect(driven.durable("session.inbox.cancelled", #""inboxID":"msg_1""#) == [#"{"type":"queue","queue":[]}"#])
    }

    @Test func `a prompt that waited over a restart becomes its message`() {
        var driven = Driven2()
        driven.enqueue("msg_1", "later")
        driven.restart()
        driven.durable("session.execution.started")
        let said = driven.durable("session.inbox.delivered", #""inboxID":"msg_1""#)
        #expect(said.contains { $0.contains(#""type":"text","text":"later""#) })
    }

    @Test func `a type that is not known passes whole`() {
        var driven = Driven2()
        let said = driven.volatile("session.brand.new", #""x":[1,2]"#)
        #expect(said.first?.hasPrefix(#"{"type":"upstream","payload":{"id":"evt_"#) == true)
        #expect(said.first?.contains(#""x":[1,2]"#) == true)
    }

    @Test func `of terminals and credentials only type and ids are kept`() {
        let frame = Driven2.parsed(#"{"id":"evt_1","type":"credential.updated","data":{"id":"crd_1","key":"sk-secret","providerID":"p"}}"#)
        #expect(OpenCode2().route(frame) == .server)
        let event = OpenCode2().serverEvent(frame)
        #expect(
            event.map { String(decoding: $0.payload, as: UTF8.self) }
                == #"{"type":"upstream","payload":{"id":"evt_1","type":"credential.updated","data":{"id":"crd_1","providerID":"p"}}}"#)
    }

    @Test func `frames go where they belong`() {
        let adapter = OpenCode2()
        #expect(adapter.route(Driven2.parsed(#"{"id":"e","type":"server.connected","data":{}}"#)) == .connected)
        #expect(adapter.route(Driven2.parsed(#"{"type":"form.created","data":{"form":{"sessionID":"ses_2"}}}"#)) == .session("ses_2"))
        #expect(adapter.route(Driven2.parsed(#"{"type":"new","durable":{"aggregateID":"ses_3","seq":1}}"#)) == .session("ses_3"))
        #expect(
            adapter.route(Driven2.parsed(#"{"type":"worktree.resolved","durable":{"aggregateID":"abc","seq":1},"data":{}}"#)) == .server)
    }

    /// The heal has said what the read has more of the call.
    @Test func `a call that a read had further on is not said again by the frame that waited`() {
        var driven = Driven2.running()
        driven.durable("session.tool.input.started", #""assistantMessageID":"msg_2","id":"call_1","name":"shell""#)
        driven.durable("session.tool.called", #""assistantMessageID":"msg_2","id":"call_1","input":{"command":"ls"},"executed":false"#)
        let started = driven.now
        let tool =
            #"{"id":"msg_2.call_1","message":"msg_2","type":"tool","call":"call_1","name":"shell","kind":"execute","state":"running","input":{"command":"ls"},"title":"ls","started":\#(started),"metadata":{"shellID":"sh_1"}}"#
        let text = #"{"id":"msg_2.t0","message":"msg_2","type":"text","text":"","open":true}"#
        let parts = [PartRead(id: "msg_2.t0", object: Array(text.utf8)), PartRead(id: "msg_2.call_1", object: Array(tool.utf8))]
        driven.settle {
            $0.status = .busy
            $0.messages = [Driven2.message("msg_2", "assistant", created: 1, parts: parts)]
        }
        let progress = #""assistantMessageID":"msg_2","id":"call_1","metadata":{"shellID":"sh_1"}"#
        #expect(driven.volatile("session.tool.progress", progress) == [])
        #expect(driven.volatile("session.tool.progress", progress.replacing("sh_1", with: "sh_2")).count == 1)
    }

    @Test func `a step whose start was not heard has its patch read`() {
        var driven = Driven2.running()
        driven.restart()
        driven.settle {
            $0.status = .busy
            $0.messages = [Driven2.message("msg_3", "assistant", created: 2_000_000)]
        }
        let end = #""assistantMessageID":"msg_3","finish":"stop","snapshot":"b","files":["app.py"]"#
        driven.now = 2_000_100
        #expect(driven.durable("session.step.ended", end).contains { $0.contains(#""type":"patch","files":["app.py"]"#) })
        #expect(driven.wishes.contains(.read))
    }

    /// The frame of the step comes when the read has told what followed on it.
    @Test func `a call that a read told before the frame of its step came is said once, and anew where its step is tried again`() {
        var driven = Driven2.running()
        let begin = #""assistantMessageID":"msg_3","id":"call_1","name":"read""#
        let pending = #"{"id":"msg_3.call_1","message":"msg_3","type":"tool","call":"call_1","name":"read","kind":"read","state":"pending"}"#
        driven.settle {
            $0.status = .busy
            $0.messages = [
                Driven2.message(
                    "msg_3", "assistant", created: 2_000_000, parts: [PartRead(id: "msg_3.call_1", object: Array(pending.utf8))])
            ]
        }
        driven.step("msg_3")
        #expect(driven.durable("session.tool.input.started", begin) == [])
        driven.volatile("session.tool.input.delta", #""assistantMessageID":"msg_3","id":"call_1","delta":"{""#)
        driven.step("msg_3")
        #expect(driven.durable("session.tool.input.started", begin) == [#"{"type":"part","part":\#(pending)}"#])
    }
}
