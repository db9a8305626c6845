import RelayProtocol
import Testing
import Wire

@Suite struct ControlLineTests {
    private func position(_ value: JSONValue?) throws -> Position { try #require(Position(value?.string ?? "")) }
    private func reason(_ value: JSONValue?) -> ControlLine.Reason? { value?.string.flatMap(ControlLine.Reason.init(rawValue:)) }

    private func problem(_ arguments: JSONValue) -> Problem? {
        arguments["code"]?.string.flatMap(ProblemCode.init(rawValue:)).map { Problem($0, arguments["detail"]?.string) }
    }

    private func make(_ name: String, _ arguments: JSONValue) throws -> [UInt8] {
        switch name {
        case "hello":
            return ControlLine.hello(
                topic: try #require(TopicName(arguments["topic"]?.string ?? "")),
                start: try #require(ControlLine.Start(rawValue: arguments["start"]?.string ?? "")),
                reason: reason(arguments["reason"]), first: try position(arguments["first"]), head: try position(arguments["head"]))
        case "heartbeat": return ControlLine.heartbeat(head: try position(arguments["head"]), sent: try position(arguments["sent"]))
        case "snapshot":
            return ControlLine.snapshot(at: try position(arguments["position"]), state: Array(try #require(arguments["state"]).raw))
        case "gap":
            return ControlLine.gap(
                from: arguments["from"]?.string, to: try arguments["to"].map(position), reason: try #require(reason(arguments["reason"])))
        case "drain": return ControlLine.drain(retryMilliseconds: try #require(arguments["retry_ms"]?.int))
        case "error": return ControlLine.error(try #require(problem(arguments)))
        case "end": return ControlLine.end(position: try position(arguments["position"]), head: try position(arguments["head"]))
        default:
            let id = try #require(arguments["id"]?.string)
            if let problem = problem(arguments) { return ControlLine.reply(id: id, error: problem) }
            return ControlLine.reply(id: id, result: Array(try #require(arguments["result"]).raw))
        }
    }

    @Test func `writes each line byte for byte`() throws {
        for vector in try Vectors.load("lines/controls.json")["lines"]?.items ?? [] {
            let (name, arguments) = try #require(vector["make"]?.members.first)
            let line = try make(name, arguments)
            #expect(text(line) == (vector["line"]?.string ?? "") + "\n")
            #expect(throws: LineError.notAnEvent) { try EventLine.parse(line) }
        }
    }
}
