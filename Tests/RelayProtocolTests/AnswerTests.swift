import RelayProtocol
import Testing
import Wire

@Suite struct AnswerTests {
    private let position = Position(epoch: Epoch(start: 7, random: 1), offset: 39)

    @Test func `an empty session has its lists`() {
        #expect(
            text(FoldedSession().answer(position: position)) == #"""
                {"status":{"status":"idle"},"turns":[],"messages":[],"tasks":[],"permissions":[],"questions":[],"queue":[],"position":"0007-00001-0000000039"}
                """#)
    }

    @Test func `says the state, what it is of, and where older messages are`() {
        var state = FoldedSession()
        state.apply(.session("ses_1", bytes(#"{"id":"ses_1","created":1}"#)))
        state.apply(.status(.retry(attempt: 1, message: bytes(#"a\"b"#), next: nil)))
        state.apply(.error(bytes(#"{"name":"x","message":"y"}"#)))
        state.apply(.message("m", bytes(#"{"id":"m","role":"assistant","created":5}"#)))
        state.apply(.part("p", bytes(#"{"id":"p","message":"m","type":"text","text":"a","open":true}"#)))
        state.apply(.delta(part: "p", text: bytes(#"\u00e9"#)))
        state.apply(.permission("per", bytes(#"{"id":"per"}"#)))
        #expect(
            text(state.answer(position: position, before: "cursor", isImported: false)) == #"""
                {"session":{"id":"ses_1","created":1},"status":{"status":"retry","attempt":1,"message":"a\"b"},"error":{"name":"x","message":"y"},"turns":[],"messages":[{"id":"m","role":"assistant","created":5,"parts":[{"id":"p","message":"m","type":"text","open":true,"text":"a\u00e9"}]}],"tasks":[],"permissions":[{"id":"per"}],"questions":[],"queue":[],"position":"0007-00001-0000000039","before":"cursor","imported":false}
                """#)
    }

    @Test func `has the turns of its messages, and the newest`() throws {
        var state = FoldedSession()
        for number in 1...5 { state.apply(.turn(Turn(number: number, state: .done, prompts: ["u\(number)"]))) }
        state.apply(.message("u2", bytes(#"{"id":"u2","role":"user","created":1}"#)))
        state.apply(.message("a3", bytes(#"{"id":"a3","role":"assistant","created":2,"turn":3}"#)))
        let page = try JSON.parse(state.messagesAnswer(position: position, before: nil))
        #expect(page["turns"]?.items.compactMap { $0["turn"]?.int } == [2, 3, 5])
        #expect(page["messages"]?.items.count == 2 && page["position"]?.string == position.description && page["before"] == nil)
    }

    @Test func `a message of an answer is read back with its parts and their order`() throws {
        var state = FoldedSession()
        state.apply(.message("m", bytes(#"{"id":"m","created":5,"parts":["q","p"]}"#)))
        state.apply(.part("p", bytes(#"{"id":"p","message":"m","type":"text","text":"a"}"#)))
        let message = try #require(FoldedSession.messages(try JSON.parse(state.answer(position: position))).first)
        #expect(message.created == 5 && message.order == ["q", "p"] && message.parts.map(\.id) == ["p"])
        #expect(text(message.object.raw) == #"{"id":"m","created":5}"#)
    }
}
