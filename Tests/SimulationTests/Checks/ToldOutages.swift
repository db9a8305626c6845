// The outages that one topic tells, from all that it ever held.

import RelayProtocol
import Wire

struct ToldOutages {
    private struct LogTranscript {
        var to: Int64
        var isHealed: Bool
    }

    /// By the time of the loss; what was said last.
    private var last: [Int64: LogTranscript] = [:]
    private var ranges: [(from: Int64, to: Int64)] = []

    init(_ lines: [(position: Position, bytes: [UInt8])]) {
        for line in lines {
            guard let payload = (try? EventLine.parse(line.bytes))?.event.payload, let value = try? JSON.parse(payload),
                value["type"]?.says("outage") == true, let from = value["from"]?.int, let to = value["to"]?.int
            else { continue }
            last[Int64(from)] = LogTranscript(to: Int64(to), isHealed: value["healed"]?.bool == true)
            ranges.append((Int64(from), Int64(to)))
        }
    }

    func cover(_ absence: OutageCheck.Absence) -> Bool { ranges.contains { $0.from <= absence.from && $0.to >= absence.to } }

    /// Losses that nobody said are over.
    var unhealed: [Int64] { last.filter { !$0.value.isHealed }.keys.sorted() }
}
