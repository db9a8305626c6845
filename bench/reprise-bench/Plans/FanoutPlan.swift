// What a fan-out case is to do, checked before anything is started.

struct FanoutPlan {
    let subscribers: Int
    let events: Int
    let eventBytes: Int
    /// Events a request; nil for one event at a time.
    let batch: Int?
    let runs: Int
    let servers: [ServerKind]

    init(subscribers: Int, events: Int, batch: Int?, runs: Int) {
        (self.subscribers, self.events, self.batch, self.runs) = (subscribers, events, batch, runs)
        (eventBytes, servers) = (200, [.limit, .reprise])
    }

    init(_ flags: Flags) throws(UsageError) {
        batch = flags.has("--stream") ? flags.number("--batch", default: 100) : nil
        subscribers = try flags.subscribers(default: 1000)
        events = flags.number("--events", default: batch == nil ? 2000 : 20_000)
        eventBytes = try flags.eventBytes()
        runs = try flags.runs()
        guard events > 0, batch != 0 else { throw UsageError("--events and --batch are at least 1") }
        switch flags.text("--only") {
        case nil: servers = [.limit, .reprise]
        case "limit": servers = [.limit]
        case "reprise": servers = [.reprise]
        case let other?: throw UsageError("--only wants limit or reprise, not “\(other)”")
        }
    }

    var pace: Publication.Pace { batch.map { .stream(batch: $0) } ?? .oneByOne }

    /// Events before those that are measured: rings have their size then, and memory its pages.
    var warmUpEvents: Int { max(20, events / 20) }
    var measuredEvents: ClosedRange<Int> { warmUpEvents + 1...warmUpEvents + events }

    var goal: Goal? {
        switch (subscribers, batch) {
        case (1000, nil): .ratioAtMost(1.15)
        case (1000, _?): .ratioAtMost(2)
        case (10_000, _?): .ratioAtMost(1.1)
        default: nil
        }
    }

    var title: String {
        "Fan-out to \(Figure.text(Double(subscribers))), \(batch.map { "in a stream, \($0) a request" } ?? "one event at a time")"
    }
}
