import RelayProtocol
import Testing
import Wire

@Suite struct CommandBodyTests {
    private func code(_ body: () throws -> Void) -> ProblemCode? {
        do { try body() } catch let problem as Problem { return problem.code } catch {}
        return nil
    }

    @Test func `a prompt is text, copied as it came`() throws {
        let body = try PromptBody.parse(
            bytes(#"{"id":"c1","content":"a\u00e9\ud83d\n\/","agent":"plan","model":"openrouter/x/y","later":[1]}"#))
        #expect(text(body.parts) == #"[{"type":"text","text":"a\u00e9\ud83d\n\/"}]"#)
        #expect(body.id?.text == "c1" && body.agent == "plan" && body.model == ModelName(provider: "openrouter", id: "x/y"))
    }

    @Test(arguments: [" a ", #"\n\u00e9"#, "\u{a0}x", #"\ud83d"#, " 0"])
    func `a prompt that begins with white space keeps it`(content: String) throws {
        let body = try PromptBody.parse(bytes("{\"content\":\"\(content)\"}"))
        #expect(text(body.parts) == "[{\"type\":\"text\",\"text\":\"\(content)\"}]")
    }

    @Test func `a prompt may have parts, written in one form`() throws {
        let body = try PromptBody.parse(
            bytes(
                "{ \"parts\" : [ {\"text\":\"a\", \"type\":\"text\"},\r\n{\"url\":\"data:,x\",\"mime\":\"text/plain\",\"type\":\"file\",\"junk\":1,\"name\":null} ], \"model\": {\"provider\":\"p\",\"id\":\"m\",\"variant\":\"high\"} }"
            ))
        #expect(text(body.parts) == #"[{"type":"text","text":"a"},{"type":"file","mime":"text/plain","url":"data:,x"}]"#)
        #expect(body.model == ModelName(provider: "p", id: "m", variant: "high") && body.id == nil && body.agent == nil)
    }

    @Test(arguments: [
        "", "{}", #"{"content":""}"#, #"{"content":"   "}"#, #"{"content":" \n\t\u3000"}"#, "{\"content\":\"\u{a0}\"}",
        #"{"parts":[{"type":"text","text":" "},{"type":"text","text":"a"}]}"#, #"{"content":5}"#, #"{"content":"a","parts":[]}"#,
        #"{"parts":[]}"#, #"{"parts":{}}"#,
        #"{"parts":[{"type":"text"}]}"#,
        #"{"parts":[{"type":"agent","name":"x"}]}"#, #"{"parts":[{"type":"file","mime":"a/b"}]}"#, #"{"parts":["a"]}"#,
        #"{"content":"a","model":"x"}"#,
        #"{"content":"a","model":"/x"}"#, #"{"content":"a","model":{"id":"x"}}"#, #"{"content":"a","agent":7}"#,
        #"{"content":"a","agent":"\ud83d"}"#, "[]",
    ])
    func `refuses a prompt that says nothing or too much`(body: String) {
        #expect(code { _ = try PromptBody.parse(bytes(body)) } == .badRequest)
    }

    @Test func `everything has its bound`() {
        let long = String(repeating: "x", count: Limits.nameBytes + 1)
        #expect(code { _ = try PromptBody.parse(bytes(#"{"content":"a","agent":"\#(long)"}"#)) } == .badRequest)
        #expect(code { _ = try StopBody.parse(Array(repeating: 0x20, count: Limits.commandBodyBytes + 1)) } == .payloadTooLarge)
        let many = Array(repeating: #"{"type":"text","text":"a"}"#, count: Limits.promptParts + 1).joined(separator: ",")
        #expect(code { _ = try PromptBody.parse(bytes(#"{"parts":[\#(many)]}"#)) } == .badRequest)
        #expect(code { _ = try PromptBody.parse(bytes(#"{"content":"a","id":"a b"}"#)) } == .invalidCommandID)
        #expect(code { _ = try PromptBody.parse(bytes(#"{"content":"a","id":1}"#)) } == .invalidCommandID)
        #expect(code { _ = try PromptBody.parse(bytes(#"{"content":"#)) } == .invalidJSON)
        let deep = String(repeating: "[", count: 200) + String(repeating: "]", count: 200)
        #expect(code { _ = try PromptBody.parse(bytes(#"{"content":"a","later":"# + deep + "}")) } == .invalidJSON)
    }

    @Test func `a stop needs nothing, and may name its turn`() throws {
        #expect(try StopBody.parse([]).turn == nil)
        #expect(try StopBody.parse(bytes(#"{"turn":3,"id":"x"}"#)).turn == 3)
        for body in [#"{"turn":-1}"#, #"{"turn":1.5}"#, #"{"turn":"1"}"#, #"{"turn":1e300}"#] {
            #expect(code { _ = try StopBody.parse(bytes(body)) } == .badRequest)
        }
    }

    @Test func `a permission has one of three replies`() throws {
        let body = try PermissionBody.parse(bytes(#"{"reply":"reject","message":"no"}"#))
        #expect(body.reply == .reject && body.message == "no")
        for body in ["{}", #"{"reply":"yes"}"#, #"{"reply":true}"#] {
            #expect(code { _ = try PermissionBody.parse(bytes(body)) } == .badRequest)
        }
    }

    @Test func `a question is answered or rejected`() throws {
        #expect(text(try QuestionBody.parse(bytes("{\"answer\":{\"q0\":\n[\"a\"]}}")).answer ?? []) == #"{"q0": ["a"]}"#)
        #expect(try QuestionBody.parse(bytes(#"{"reject":true}"#)).answer == nil)
        for body in ["{}", #"{"reject":false}"#, #"{"reject":true,"answer":{}}"#, #"{"answer":["a"]}"#] {
            #expect(code { _ = try QuestionBody.parse(bytes(body)) } == .badRequest)
        }
    }

    @Test func `a session is created in a directory`() throws {
        let body = try CreateBody.parse(bytes(#"{"title":"t","directory":"/p","model":"a/b","id":"c"}"#))
        #expect(body.title == "t" && body.directory == "/p" && body.model?.id == "b" && body.id?.text == "c")
        #expect(try CreateBody.parse([]).directory == nil)
        for body in [#"{"directory":"p"}"#, #"{"directory":""}"#, #"{"directory":"/p\u0000"}"#] {
            #expect(code { _ = try CreateBody.parse(bytes(body)) } == .badRequest)
        }
    }

    @Test(arguments: ["repo", "branch"])
    func `what is reserved of a create is refused by its name`(field: String) throws {
        let problem = #expect(throws: Problem.self) { try CreateBody.parse(bytes(#"{"title":"t","\#(field)":"x"}"#)) }
        #expect(problem?.code == .badRequest && problem?.detail?.hasPrefix("\(field):") == true)
        #expect(try CreateBody.parse(bytes(#"{"title":"t","\#(field)":null}"#)).title == "t")
    }

    @Test func `a message of a connection names its verb and its card`() throws {
        let prompt = try ClientCommand.parse(bytes(#"{"id":"c1","do":"prompt","content":"hi"}"#))
        #expect(prompt.verb == .prompt(PromptBody(id: CommandID("c1"), parts: bytes(#"[{"type":"text","text":"hi"}]"#))))
        guard
            case .permission("per_1", let body) = try ClientCommand.parse(
                bytes(#"{"id":"c2","do":"permission","permission":"per_1","reply":"once"}"#)
            ).verb
        else { return #expect(Bool(false)) }
        #expect(body.reply == .once)
        guard
            case .question("que_1", _) = try ClientCommand.parse(bytes(#"{"id":"c3","do":"question","question":"que_1","reject":true}"#))
                .verb
        else { return #expect(Bool(false)) }
        guard case .stop = try ClientCommand.parse(bytes(#"{"id":"c4","do":"stop"}"#)).verb else { return #expect(Bool(false)) }
    }

    @Test(arguments: [Limits.commandBodyBytes, Limits.commandBodyBytes + 1]) func `only a prompt may be longer than a body`(length: Int)
        throws
    {
        func message(_ start: String, _ end: String) -> [UInt8] {
            bytes(start + String(repeating: "x", count: length - start.utf8.count - end.utf8.count) + end)
        }
        let prompt = message(#"{"id":"c1","do":"prompt","content":""#, #""}"#)
        guard case .prompt = try ClientCommand.parse(prompt).verb else { return #expect(Bool(false)) }
        let question = message(#"{"id":"c2","do":"question","question":"que_1","answer":{"a":""#, #""}}"#)
        do {
            _ = try ClientCommand.parse(question)
            #expect(length <= Limits.commandBodyBytes)
        } catch {
            #expect(length > Limits.commandBodyBytes && error.problem.code == .payloadTooLarge && error.id?.text == "c2")
        }
    }

    @Test func `a message that is no command is answered`() {
        func refusal(_ message: String) -> ClientCommand.Refusal? {
            do { _ = try ClientCommand.parse(bytes(message)) } catch { return error }
            return nil
        }
        #expect(refusal("{")?.problem.code == .invalidJSON)
        #expect(refusal("{}")?.problem.code == .invalidCommandID)
        #expect(refusal(#"{"do":"stop"}"#).map { text($0.line).hasPrefix(#"{"type":"error","#) } == true)
        #expect(refusal(#"{"id":"c1","do":"dance"}"#)?.problem.code == .notImplemented)
        #expect(
            refusal(#"{"id":"c1","do":"permission","reply":"once"}"#).map {
                text($0.line).hasPrefix(#"{"type":"reply","id":"c1","ok":false,"#)
            } == true)
    }
}
