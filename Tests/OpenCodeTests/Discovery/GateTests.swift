import OpenCode
import Testing

@Suite struct GateTests {
    private let page = UpstreamAnswer.answered(status: 200, isJSON: false, headers: [], body: Array("<!doctype html>".utf8))

    private func ask(info: UpstreamAnswer, health: UpstreamAnswer) -> Result<GateAnswer, UpstreamFailure> {
        var conversation = Conversation<GateAnswer>([("GET /api/info", [info]), ("GET /global/health", [health])])
        return conversation.run(Gate())
    }

    @Test func `1.18 answers its health, and its web page elsewhere`() throws {
        let answer = try ask(info: page, health: .json(#"{"healthy":true,"version":"1.18.33"}"#)).get()
        #expect(answer.version == "1.18.33")
        #expect(answer.adapter.generation == OpenCode1().generation)
        #expect(answer.processID == nil)
        #expect(answer.warning == nil)
    }

    @Test func `2.x answers with a version and a pid`() throws {
        let answer = try ask(info: .json(#"{"version":"2.0.14-x.1","pid":7008,"urls":[]}"#), health: page).get()
        #expect(answer.version == "2.0.14-x.1")
        #expect(answer.adapter.generation == OpenCode2().generation)
        #expect(answer.processID == 7008)
        #expect(answer.warning == nil)
        #expect(try ask(info: .json(#"{"version":"2.9.0","pid":7008}"#), health: page).get().warning != nil)
    }

    @Test(arguments: [("1.19.2", true), ("1.20.0", false), ("1.4.0", false)]) func `a version that nobody tried is warned of`(
        _ version: String, _ isTried: Bool
    ) throws {
        let answer = try ask(info: page, health: .json(#"{"healthy":true,"version":"\#(version)"}"#)).get()
        #expect((answer.warning == nil) == isTried)
    }

    @Test func `what is no OpenCode, or not ready, or does not let us in`() {
        func failure(_ info: UpstreamAnswer, _ health: UpstreamAnswer) -> UpstreamFailure? {
            if case .failure(let failure) = ask(info: info, health: health) { return failure }
            return nil
        }
        #expect(failure(page, page) == .unexpected(status: 200, detail: "what answers there is no OpenCode"))
        #expect(
            failure(.json("{}", status: 404), .json("{}", status: 404))
                == .unexpected(status: 404, detail: "what answers there is no OpenCode"))
        #expect(failure(.json("", status: 401), page) == .unauthorized)
        #expect(failure(page, .json("", status: 401)) == .unauthorized)
        #expect(failure(.json("", status: 503), page) == .unreachable)
        #expect(failure(.unreachable(mayHaveArrived: false), page) == .unreachable)
        #expect(failure(page, .json(#"{"healthy":false,"version":"1.18.33"}"#)) == .unreachable)
        #expect(failure(page, .json(#"{"healthy":true}"#)) == .unreachable)
    }

    @Test func `a generation that is not spoken here is named`() {
        for (info, health) in [
            (UpstreamAnswer.json(#"{"version":"3.0.0","pid":1}"#), page), (page, .json(#"{"healthy":true,"version":"0.15.3"}"#)),
            (.json(#"{"version":"1.18.33","pid":1}"#), page),
        ] {
            guard case .failure(.unexpected(_, let detail)) = ask(info: info, health: health) else {
                Issue.record("it was let in")
                return
            }
            #expect(detail.contains("is not spoken here"))
        }
    }
}
