import EventLog
import RelayProtocol
import SQLite
import Sessions
import TestSupport
import Testing
import Wire

@Suite struct LobbyTests {
    private func entries(_ log: TestLog) async throws -> [JSONValue] {
        try await log.events(of: "lobby").compactMap { try JSON.parse($0.payload)["entry"] }
    }

    @Test func `an entry is said when a field changed, once for a commit`() async throws {
        let log = try TestLog()
        try await log.append([SampleEvents.session("ses_1"), .status(.busy), SampleEvents.session("ses_1", title: "named")], to: "ses_1")
        try await log.append([SampleEvents.message("msg_1", created: 1), SampleEvents.text("prt_1", of: "msg_1", "words")], to: "ses_1")
        try await log.append([SampleEvents.delta("prt_1", " more"), .status(.busy)], to: "ses_1")
        let said = try await entries(log)
        #expect(said.count == 1)
        #expect(said.first?["title"]?.string == "named")
        #expect(said.first?["status"]?.string == "busy")
        #expect(said.first?["last"] == nil)
    }

    @Test func `the newest words are told at a turn's end, on one line, as far as 200 characters`() async throws {
        let log = try TestLog()
        try await log.append([SampleEvents.session("ses_1"), .turn(Turn(number: 1, state: .started))], to: "ses_1")
        try await log.append(
            [
                SampleEvents.message("msg_1", created: 1, role: "user"), SampleEvents.text("prt_1", of: "msg_1", "do it"),
                SampleEvents.message("msg_2", created: 2), SampleEvents.text("prt_2", of: "msg_2", "first\n\nwords "),
                SampleEvents.text("prt_3", of: "msg_2", "thinking", type: "reasoning"),
                SampleEvents.delta("prt_2", String(repeating: "x", count: 300)),
            ], to: "ses_1")
        try await log.append([.turn(Turn(number: 1, state: .done)), .status(.idle)], to: "ses_1")
        let last = try await entries(log).compactMap { $0["last"]?.string }
        #expect(last == ["first words " + String(repeating: "x", count: 188)])
    }

    @Test func `a removed session stays in the list as gone`() async throws {
        let log = try TestLog()
        try await log.append([SampleEvents.session("ses_1")], to: "ses_1")
        try await log.append([.sessionRemoved()], to: "ses_1")
        let listed = try await log.list()["sessions"]?.items
        #expect(listed?.first?["gone"]?.bool == true)
    }

    @Test func `a child's cards are told in its root's topic, over all levels, and counted there`() async throws {
        let log = try TestLog()
        try await log.append([SampleEvents.session("ses_root")], to: "ses_root")
        try await log.append([SampleEvents.session("ses_mid", parent: "ses_root")], to: "ses_mid")
        try await log.append([SampleEvents.session("ses_leaf", parent: "ses_mid")], to: "ses_leaf")
        try await log.append(
            [SampleEvents.permission("per_1", session: "ses_leaf"), SampleEvents.question("que_1", session: "ses_leaf")], to: "ses_leaf")

        let root = try await log.open("ses_root")
        #expect(root["permissions"]?.items.first?["session"]?.string == "ses_leaf")
        #expect(root["questions"]?.items.count == 1)
        #expect(try await log.open("ses_mid")["permissions"]?.items.count == 0)
        var waiting = try await entries(log).last { $0["id"]?.string == "ses_root" }?["waiting"]
        #expect(waiting?["permissions"]?.int == 1 && waiting?["questions"]?.int == 1)

        var closed = Event.permissionClosed("per_1", reply: "once")
        closed.by = "owner"
        try await log.append([closed], to: "ses_leaf")
        #expect(try await log.open("ses_root")["permissions"]?.items.count == 0)
        #expect(try await log.events(of: "ses_root").last?.by == "owner")
        waiting = try await entries(log).last { $0["id"]?.string == "ses_root" }?["waiting"]
        #expect(waiting?["permissions"]?.int == 0 && waiting?["questions"]?.int == 1)
    }

    /// What one commit holds of a root and of its children, in every order.
    static let together = [["ses_one", "ses_root", "ses_two"], ["ses_root", "ses_one", "ses_two"], ["ses_one", "ses_two", "ses_root"]]

    @Test(arguments: together) func `the last entry of a root is as its row is, however its children ask in one commit`(order: [String])
        async throws
    {
        let log = try TestLog()
        try await log.append([SampleEvents.session("ses_root")], to: "ses_root")
        for child in ["ses_one", "ses_two"] { try await log.append([SampleEvents.session(child, parent: "ses_root")], to: child) }
        let said = [
            "ses_root": [SampleEvents.session("ses_root", title: "Renamed", updated: 9)],
            "ses_one": [SampleEvents.permission("per_1", session: "ses_one")],
            "ses_two": [SampleEvents.permission("per_2", session: "ses_two"), SampleEvents.question("que_1", session: "ses_two")],
        ]
        try await log.append(order.map { ($0, said[$0] ?? []) })

        let last = try #require(try await entries(log).last { $0["id"]?.string == "ses_root" })
        let listed = try #require(try await log.list()["sessions"]?.items.first { $0["id"]?.string == "ses_root" })
        #expect(last["title"]?.string == "Renamed")
        #expect(last["waiting"]?["permissions"]?.int == 2 && last["waiting"]?["questions"]?.int == 1)
        #expect(listed["waiting"]?["permissions"]?.int == 2 && listed["waiting"]?["questions"]?.int == 1)
    }

    @Test func `cards that were asked before the parent was known are told when it is`() async throws {
        let log = try TestLog()
        try await log.append([SampleEvents.session("ses_root")], to: "ses_root")
        try await log.append([SampleEvents.session("ses_leaf"), SampleEvents.permission("per_1", session: "ses_leaf")], to: "ses_leaf")
        #expect(try await log.open("ses_root")["permissions"]?.items.count == 0)
        try await log.append([SampleEvents.session("ses_leaf", parent: "ses_root")], to: "ses_leaf")
        #expect(try await log.open("ses_root")["permissions"]?.items.count == 1)
    }

    @Test func `sessions that are their own ancestors end the search`() async throws {
        let log = try TestLog()
        try await log.append([SampleEvents.session("ses_a", parent: "ses_b")], to: "ses_a")
        try await log.append([SampleEvents.session("ses_b", parent: "ses_a")], to: "ses_b")
        try await log.append([SampleEvents.permission("per_1", session: "ses_a")], to: "ses_a")
        #expect(try await log.open("ses_a")["permissions"]?.items.count == 1)
    }

    @Test func `the children are the newest two hundred, archived or not, on one page`() async throws {
        let log = try TestLog()
        try await log.append([SampleEvents.session("ses_parent")], to: "ses_parent")
        for number in 1...Limits.mostListRows + 1 {
            let id = "ses_\(number)"
            let row = SampleEvents.session(id, parent: "ses_parent", updated: number, archived: number.isMultiple(of: 2) ? 9 : nil)
            try await log.append([row], to: id)
        }
        let answer = try #require(try await log.read { try SessionReads.children("ses_parent", in: $0) })
        let children = try JSON.parse(answer)
        let ids = children["sessions"]?.items.compactMap { $0["id"]?.string } ?? []
        #expect(ids == (2...Limits.mostListRows + 1).reversed().map { "ses_\($0)" })
        #expect(children["cursor"] == nil)
        #expect(try await log.list(SessionListQuery(archived: true, limit: 200))["sessions"]?.items.count == Limits.mostListRows / 2)
    }

    @Test func `the list is searched, filtered and paged`() async throws {
        let log = try TestLog()
        for number in 1...5 {
            try await log.append(
                [SampleEvents.session("ses_\(number)", title: "Title \(number)%", parent: number > 3 ? "ses_1" : nil, updated: number)],
                to: "ses_\(number)")
        }
        func ids(_ query: SessionListQuery) async throws -> [String] {
            try await log.list(query)["sessions"]?.items.compactMap { $0["id"]?.string } ?? []
        }
        #expect(try await ids(SessionListQuery(search: "title 2")) == ["ses_2"])
        #expect(try await ids(SessionListQuery(search: "%")).count == 5)
        #expect(try await ids(SessionListQuery(search: "_itle")).isEmpty)
        #expect(try await ids(SessionListQuery(archived: true)).isEmpty)
        #expect(try await ids(SessionListQuery(parent: "ses_1")) == ["ses_5", "ses_4"])
        let first = try await log.list(SessionListQuery(limit: 2))
        #expect(first["sessions"]?.items.compactMap { $0["id"]?.string } == ["ses_5", "ses_4"])
        let next = try await log.list(SessionListQuery(cursor: first["cursor"]?.string, limit: 3))
        #expect(next["sessions"]?.items.compactMap { $0["id"]?.string } == ["ses_3", "ses_2", "ses_1"])
        #expect(next["cursor"] == nil)
        let head = try await log.read { try $0.head(.lobby).description }
        #expect(first["position"]?.string == head)
    }
}
