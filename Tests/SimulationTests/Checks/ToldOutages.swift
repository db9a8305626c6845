// The outages that one topic tells, from all that it ever held.

import RelayProtocol
import Wire

struct ToldOutages {
    /// By the time of the loss: whether it was said last that it is over.
    private var isHealed: [Int64: Bool] = [:]
    private(set) var ranges: [(from: Int64, to: Int64)] = []

    init(_ lines: [(position: Position, bytes: [UInt8])]) {
        for line in lines {
            guard let payload = (try? EventLine.parse(line.bytes))?.event.payload, let value = try? JSON.parse(payload),
                value["type"]?.says("outage") == true, let from = value["from"]?.int, let to = value["to"]?.int
            else { continue }
            isHealed[Int64(from)] = value["healed"]?.bool == true
            ranges.append((Int64(from), Int64(to)))
        }
    }

    func cover(_ absence: OutageCheck.Absence) -> Bool { ranges.contains { $0.from <= absence.from && $0.to >= absence.to } }

    /// Losses that nobody said are over.
    var unhealed: [Int64] { isHealed.filter { !$0.value }.keys.sorted() }
}
