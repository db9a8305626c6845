// What a fan-out case is to do, checked before anything is started.

struct FanoutPlan: Codable {
    let subscribers: Int
    let events: Int
    let eventBytes: Int
    /// Events a request; nil for one event at a time.
    let batch: Int?
    let runs: Int
    let servers: [ServerKind]

    init(_ flags: Flags) throws(UsageError) {
        batch = flags.has("--stream") ? flags.number("--batch", default: 100) : nil
        subscribers = flags.number("--subscribers", default: 1000)
        events = flags.number("--events", default: batch == nil ? 2000 : 20_000)
        eventBytes = flags.number("--bytes", default: 200)
        runs = flags.number("--runs", default: 5)
        guard (1...15_000).contains(subscribers) else {
            throw UsageError("--subscribers is 1 to 15000: a process may have 20,000 descriptors")
        }
        guard events > 0, runs > 0, batch != 0 else { throw UsageError("--events, --batch and --runs are at least 1") }
        guard (32...60_000).contains(eventBytes) else { throw UsageError("--bytes is 32 to 60000") }
        guard let only = flags.text("--only") else {
            servers = ServerKind.allCases
            return
        }
        guard let kind = ServerKind(rawValue: only) else { throw UsageError("--only wants limit or reprise, not “\(only)”") }
        servers = [kind]
    }

    var pace: Publication.Pace { batch.map { .stream(batch: $0) } ?? .oneByOne }

    /// Events before those that are measured: rings have their size then, and memory its pages.
    var warmUpEvents: Int { max(20, events / 20) }
}
