import OpenCode
import TestSupport
import Testing

@testable import Ingest

@Suite(.ownThread) struct HistoryWalkTests {
    private func page(_ numbers: ClosedRange<Int>, older: String?, complete: Bool = false) -> SessionRead {
        var read = SessionRead(session: "ses_1")
        read.messages = numbers.map { MessageRead(id: "m\($0)", created: $0, object: [], parts: []) }
        read.older = older
        read.isComplete = complete
        return read
    }

    @Test func `what the newest page reaches needs no walk`() {
        var walk = HistoryWalk(anchors: ["m5", "m6"])
        #expect(walk.begin(page(6...9, older: "c6")) == .newest)
        #expect(!walk.isCut)
    }

    @Test func `goes back to what is known, then forward, oldest first`() {
        var walk = HistoryWalk(anchors: ["m3"])
        #expect(walk.begin(page(10...12, older: "c10")) == .ask("c10"))
        #expect(walk.read(page(7...9, older: "c7")) == .ask("c7"))
        #expect(walk.read(page(4...6, older: "c4")) == .ask("c4"))
        #expect(walk.read(page(1...3, older: "c1")) == .say)
        #expect(walk.successor == MessagePlace(created: 4, id: "m4"))
        #expect(walk.said() == .ask("c7"))
        #expect(walk.read(page(4...6, older: "c4")) == .say)
        #expect(walk.successor == MessagePlace(created: 7, id: "m7"))
        #expect(walk.said() == .ask("c10"))
        #expect(walk.read(page(7...9, older: "c7")) == .say)
        #expect(walk.said() == .newest)
        #expect(!walk.isCut)
    }

    @Test func `a session whose log is empty is read to its beginning`() {
        var walk = HistoryWalk(anchors: [])
        #expect(walk.begin(page(4...5, older: "c4")) == .ask("c4"))
        #expect(walk.read(page(1...3, older: nil, complete: true)) == .say)
        #expect(walk.said() == .newest)
        #expect(!walk.isCut)
    }

    @Test func `a page without messages passes its place on`() {
        var walk = HistoryWalk(anchors: ["m1"])
        #expect(walk.begin(page(4...5, older: "c4")) == .ask("c4"))
        var empty = SessionRead(session: "ses_1")
        empty.older = "c3"
        #expect(walk.read(empty) == .ask("c3"))
        #expect(walk.successor == MessagePlace(created: 4, id: "m4"))
    }

    @Test(arguments: ["c4", nil]) func `a server that goes round in circles, or has no page, cuts the walk`(older: String?) {
        var walk = HistoryWalk(anchors: ["m1"])
        #expect(walk.begin(page(4...5, older: "c4")) == .ask("c4"))
        #expect(walk.read(page(2...3, older: older)) == .say)
        #expect(walk.isCut)
    }
}
