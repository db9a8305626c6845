// Times in which upstream was not heard, from the loss until everything that was asked because of them is read. Pure.
//
// `healed` is a claim that the reads are done, so it waits for the last of them: an outage stays pending while one of its sessions cannot be
// read, also across later outages and restarts. A stream that is lost again before the reads of its reconnect were all made goes on with the
// same outage.

import RelayProtocol
import Wire

struct Outage: Sendable, Equatable {
    /// ms since 1970.
    let from: Int64
    /// The reconnect; nil before it.
    var to: Int64?
    /// Those that were busy or asked something at `from`, or of which a text had begun by the reconnect: deltas of them are lost.
    var busy: Set<String>
    /// Those whose topic says it since the newest reconnect.
    var told: Set<String> = []
    /// Those that were busy, or whose read differed or failed, and were not read since.
    var unread: Set<String>
    /// Every read of the reconnect was made, or failed.
    var isTried = false
    /// Upstream could not give all that was missed.
    var isHistoryLost = false

    init(from: Int64, busy: Set<String>) {
        self.from = from
        self.busy = busy
        unread = busy
    }

    func event(isHealed: Bool) -> Event {
        let lost = (busy.isEmpty ? [] : ["deltas"]) + (isHistoryLost ? ["history"] : [])
        return .outage(from: from, to: to ?? from, lost: lost, healed: isHealed)
    }

    func event(in session: String, isHealed: Bool, isHistoryLost: Bool = false) -> Event {
        let lost = (busy.contains(session) ? ["deltas"] : []) + (isHistoryLost ? ["history"] : [])
        return .outage(from: from, to: to ?? from, lost: lost, healed: isHealed)
    }
}

struct Outages: Sendable, Equatable {
    /// Beyond, the oldest is given up: nobody will be told that it is healed.
    static let limit = 16
    /// Oldest first; only the newest may be without its reconnect.
    private(set) var pending: [Outage] = []

    /// Upstream is not heard, or what was asked at the reconnect is not read yet.
    var isHealing: Bool { pending.last.map { !$0.isTried } ?? false }
    var isAway: Bool { pending.last.map { $0.to == nil } ?? false }
    /// Sessions that must be read.
    var unread: Set<String> { pending.reduce(into: []) { $0.formUnion($1.unread) } }

    func wasBusy(_ session: String) -> Bool { pending.contains { $0.unread.contains(session) && $0.busy.contains(session) } }

    mutating func lost(from: Int64, busy: Set<String>) {
        guard isHealing, let last = pending.indices.last else {
            pending.append(Outage(from: from, busy: busy))
            if pending.count > Self.limit { pending.removeFirst() }
            return
        }
        // What was read before it is not read anew, but what is missed from here on is of this outage too.
        (pending[last].to, pending[last].told) = (nil, [])
        pending[last].busy.formUnion(busy)
        pending[last].unread.formUnion(busy)
    }

    /// Gives the outage that is over now. Sessions that were busy and not read since are to say it.
    mutating func reconnected(at now: Int64) -> Outage? {
        guard isHealing, let last = pending.indices.last else { return nil }
        pending[last].to = now
        pending[last].told.formUnion(pending[last].busy.intersection(pending[last].unread))
        return pending[last]
    }

    /// A session whose read differs, or that cannot be read, while the newest one heals; `missesWords`: it became busy within the outage, and
    /// streams. Gives that one if its topic is to tell of it.
    mutating func tell(_ session: String, missesWords: Bool = false) -> Outage? {
        guard isHealing, !isAway, let last = pending.indices.last else { return nil }
        let isNews = pending[last].told.insert(session).inserted || missesWords && !pending[last].busy.contains(session)
        guard isNews else { return nil }
        if missesWords { pending[last].busy.insert(session) }
        pending[last].unread.insert(session)
        return pending[last]
    }

    /// A session was read: gives what is to be said of it in its topic, oldest first.
    mutating func read(_ session: String, isHistoryLost: Bool) -> [Event] {
        var events: [Event] = []
        for place in pending.indices where pending[place].unread.remove(session) != nil {
            if isHistoryLost { pending[place].isHistoryLost = true }
            events.append(pending[place].event(in: session, isHealed: true, isHistoryLost: isHistoryLost))
        }
        return events
    }

    /// False where nothing changed by it.
    mutating func allTried() -> Bool {
        guard isHealing, !isAway, let last = pending.indices.last else { return false }
        pending[last].isTried = true
        return true
    }

    /// Those whose reads are done: they go, and this is said of them in `opencode`.
    mutating func takeHealed() -> [Event] {
        let healed = pending.filter { $0.isTried && $0.unread.isEmpty }
        pending.removeAll { $0.isTried && $0.unread.isEmpty }
        return healed.map { $0.event(isHealed: true) }
    }
}

extension Outages {
    init(_ value: JSONValue?) {
        pending = (value?.items ?? []).compactMap(Outage.init)
    }

    func write(to writer: inout JSONWriter) {
        writer.array { list in for outage in pending { outage.write(to: &list) } }
    }
}

extension Outage {
    fileprivate init?(_ value: JSONValue) {
        guard let from = value["from"]?.int else { return nil }
        self.init(from: Int64(from), busy: Self.set(value["busy"]))
        to = value["to"]?.int.map { Int64($0) }
        told = Self.set(value["told"])
        unread = Self.set(value["unread"])
        isTried = value["tried"]?.bool == true
        isHistoryLost = value["history_lost"]?.bool == true
    }

    private static func set(_ value: JSONValue?) -> Set<String> { Set((value?.items ?? []).compactMap(\.string)) }

    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("from", Int(from))
            writer.member("to", to.map { Int($0) })
            writer.member("busy", strings: busy.sorted())
            writer.member("told", strings: told.sorted())
            writer.member("unread", strings: unread.sorted())
            if isTried { writer.member("tried", true) }
            if isHistoryLost { writer.member("history_lost", true) }
        }
    }
}
