import OpenCode
import RelayProtocol
import Testing
import Wire

@Suite struct PartTests1 {
    private func running(_ output: String, metadata: String = "") -> String {
        #"{"status":"running","input":{"command":"seq 3\nls"},"metadata":{"output":"\#(output)"\#(metadata)},"time":{"start":1}}"#
    }

    @Test func `output that grows is a delta`() {
        var driven = Driven1.running()
        driven.tool("p1", of: "m2", #"{"status":"pending","input":{},"raw":""}"#)
        driven.tool("p1", of: "m2", running(""))
        #expect(driven.tool("p1", of: "m2", running(#"1\n"#)) == [#"{"type":"delta","part":"p1","text":"1\n","field":"output"}"#])
        #expect(driven.tool("p1", of: "m2", running(#"1\n2\n"#)) == [#"{"type":"delta","part":"p1","text":"2\n","field":"output"}"#])
        #expect(driven.tool("p1", of: "m2", running(#"1\n2\n"#)) == [])
        #expect(String(decoding: driven.folded.messages.last?.parts.last?.currentOutput ?? [], as: UTF8.self) == #"1\n2\n"#)
    }

    @Test func `a text that a read found streaming is said anew at its beginning if the log misses that, and not behind words`() {
        let part = #"{"id":"p9","messageID":"m2","sessionID":"ses_1","type":"text","text":"","time":{"start":5}}"#
        for (mark, isHeard, count) in [(#","incomplete":true"#, false, 1), (#","incomplete":true"#, true, 0), ("", false, 0)] {
            var driven = Driven1.running()
            driven.settle(
                Driven1.read { read in
                    read.status = .busy
                    let object = #"{"id":"p9","message":"m2","type":"text","text":"","open":true,"started":5\#(mark)}"#
                    let part = PartRead(id: "p9", object: Array(object.utf8))
                    read.messages = [
                        Driven1.message("m1", "user", created: 10), Driven1.message("m2", "assistant", created: 11, parts: [part]),
                    ]
                })
            let delta = #"{"sessionID":"ses_1","messageID":"m2","partID":"p9","field":"text","delta":"so"}"#
            if isHeard { driven.receive("message.part.delta", delta) }
            let said = driven.receive("message.part.updated", #"{"sessionID":"ses_1","part":\#(part)}"#)
            #expect(said.count == count)
        }
    }

    @Test func `output goes on growing after a restart`() {
        var driven = Driven1.running()
        driven.tool("p1", of: "m2", running(#"1\n"#))
        driven.tool("p1", of: "m2", running(#"1\n2\n"#))
        driven.restart()
        #expect(driven.tool("p1", of: "m2", running(#"1\n2\n3\n"#)) == [#"{"type":"delta","part":"p1","text":"3\n","field":"output"}"#])
    }

    @Test func `output goes on from what a read had, and a late frame takes none of it back`() {
        var driven = Driven1.running()
        driven.tool("p1", of: "m2", running(#"1\n"#))
        driven.restart()
        let object = #"{"id":"p1","message":"m2","type":"tool","state":"running","output":"1\n2\n3\n"}"#
        driven.settle(
            Driven1.read { read in
                read.status = .busy
                let part = PartRead(id: "p1", object: Array(object.utf8))
                read.messages = [
                    Driven1.message("m1", "user", created: 10), Driven1.message("m2", "assistant", created: 11, parts: [part]),
                ]
            })
        #expect(driven.tool("p1", of: "m2", running(#"1\n2\n"#)) == [])
        let said = driven.tool("p1", of: "m2", running(#"1\n2\n3\n4\n"#))
        #expect(said == [#"{"type":"delta","part":"p1","text":"4\n","field":"output"}"#])
    }

    @Test func `a preview that slides is said at most four times a second, the newest wins`() {
        var driven = Driven1.running()
        driven.tool("p1", of: "m2", running("abc"))
        #expect(driven.tool("p1", of: "m2", running("bcd")) == [])
        #expect(driven.wishes == [.wake(at: driven.now + 250)])
        #expect(driven.tool("p1", of: "m2", running("cde")) == [])
        driven.now += 250
        let said = driven.wake()
        #expect(said.count == 1)
        #expect(said.first?.contains(#""output":"cde""#) == true)
        #expect(driven.wake() == [])
        driven.now += 10
        #expect(driven.tool("p1", of: "m2", running("cdef")) == [#"{"type":"delta","part":"p1","text":"f","field":"output"}"#])
    }

    @Test func `a change of state is never held back`() {
        var driven = Driven1.running()
        driven.tool("p1", of: "m2", running("abc"))
        driven.tool("p1", of: "m2", running("bcd"))
        let said = driven.tool(
            "p1", of: "m2",
            #"{"status":"completed","input":{"command":"seq 3"},"output":"abcd","title":"","metadata":{"output":"abcd","exit":0},"time":{"start":1,"end":2}}"#
        )
        #expect(said.count == 1)
        #expect(said.first?.contains(#""metadata":{"exit":0}"#) == true)
        driven.now += 1000
        #expect(driven.wake() == [])
    }

    @Test func `what was held back is said before the turn ends`() {
        var driven = Driven1.running()
        driven.tool("p1", of: "m2", running("abc"))
        driven.tool("p1", of: "m2", running("bcd"))
        driven.completed("m2")
        let end = driven.status("idle")
        #expect(end.first?.contains(#""output":"bcd""#) == true)
    }

    @Test func `the title of a command is its first line`() {
        var driven = Driven1.running()
        #expect(driven.tool("p1", of: "m2", running("")).first?.contains(#""title":"seq 3","#) == true)
    }

    @Test func `a late frame takes no state back`() {
        var driven = Driven1.running()
        driven.tool("p1", of: "m2", #"{"status":"completed","input":{},"output":"x","title":"t","metadata":{},"time":{"start":1,"end":2}}"#)
        #expect(driven.tool("p1", of: "m2", running("x")) == [])
    }

    @Test func `a part or a delta of a message that is not held is read, once`() {
        var driven = Driven1.running()
        #expect(driven.tool("p9", of: "m9", running("")) == [])
        #expect(driven.wishes == [.read])
        let delta = #"{"sessionID":"ses_1","messageID":"m9","partID":"p9","field":"text","delta":"x"}"#
        #expect(driven.receive("message.part.delta", delta) == [])
        #expect(driven.wishes == [])
    }

    @Test func `deltas behind the end that a read told are dropped`() {
        var driven = Driven1.running()
        driven.receive(
            "message.part.updated",
            #"{"sessionID":"ses_1","part":{"id":"p1","messageID":"m2","sessionID":"ses_1","type":"text","text":"","time":{"start":1}}}"#)
        let delta = #"{"sessionID":"ses_1","messageID":"m2","partID":"p1","field":"text","delta":"x"}"#
        #expect(driven.receive("message.part.delta", delta) == [#"{"type":"delta","part":"p1","text":"x"}"#])
        driven.settle(
            Driven1.read { read in
                read.status = .busy
                let part = PartRead(
                    id: "p1", object: Array(#"{"id":"p1","message":"m2","type":"text","text":"xyz","started":1,"ended":2}"#.utf8))
                read.messages = [
                    Driven1.message("m1", "user", created: 10), Driven1.message("m2", "assistant", created: 11, parts: [part]),
                ]
            })
        #expect(driven.receive("message.part.delta", delta) == [])
    }

    @Test func `a delta of a field without a name here passes whole`() {
        var driven = Driven1.running()
        let said = driven.receive(
            "message.part.delta", #"{"sessionID":"ses_1","messageID":"m2","partID":"p1","field":"smell","delta":"x"}"#)
        #expect(said.first?.hasPrefix(#"{"type":"upstream","payload":{"directory":"/p""#) == true)
    }

    @Test func `bytes pass as they came`() {
        var driven = Driven1.running()
        let text = #"\ud83d \u0041 <\/script> \/ é"#
        let said = driven.receive(
            "message.part.updated",
            #"{"sessionID":"ses_1","part":{"id":"p1","messageID":"m1","sessionID":"ses_1","type":"text","text":"\#(text)"}}"#)
        #expect(said == [#"{"type":"part","part":{"id":"p1","message":"m1","type":"text","text":"\#(text)"}}"#])
    }

    @Test func `unknown fields go along, unknown parts and events pass whole`() {
        var driven = Driven1.running()
        let known = driven.receive(
            "message.part.updated", #"{"part":{"id":"p1","messageID":"m1","sessionID":"ses_1","type":"text","text":"a","mood":[1.0,null]}}"#
        )
        #expect(known.first?.contains(#""extra":{"mood":[1.0,null]}"#) == true)
        let part = driven.receive("message.part.updated", #"{"part":{"id":"p2","messageID":"m1","sessionID":"ses_1","type":"hologram"}}"#)
        #expect(part.first?.hasPrefix(#"{"type":"upstream""#) == true)
        #expect(driven.receive("session.dreamt", #"{"sessionID":"ses_1"}"#).first?.hasPrefix(#"{"type":"upstream""#) == true)
    }

    @Test func `a message that is sent again keeps its place`() {
        var driven = Driven1.running()
        #expect(driven.user("m1", created: 99) == [])
        #expect(driven.assistant("m2", created: 99, #","finish":"stop""#).first?.contains(#""created":11,"#) == true)
    }
}
