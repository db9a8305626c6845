// A time in which OpenCode could not be heard, as an event says it.

import Wire

struct Outage: Sendable {
    /// ms since 1970.
    let from: Int64
    let to: Int64
    let isHealed: Bool

    init?(_ event: JSONValue) {
        guard event["type"]?.string == "outage", let from = event["from"]?.int, let to = event["to"]?.int else { return nil }
        (self.from, self.to, isHealed) = (Int64(from), Int64(to), event["healed"]?.bool == true)
    }

    func covers(_ absence: Absence) -> Bool { from <= absence.latestStart && absence.time <= to }
}
