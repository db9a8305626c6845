// Every batch that was acknowledged is in the log once, whole, where the answer said; and nothing else is there.

import RelayProtocol
import Wire

struct PublishedEvents {
    let log: [String]

    func faults(of batches: [NumberPublisher.Batch]) -> [String] {
        var faults: [String] = []
        var rest = log[...]
        for (number, batch) in batches.enumerated() {
            let lines = rest.prefix(batch.events.count)
            rest = rest.dropFirst(batch.events.count)
            if lines.map(payload) != batch.events { return faults + ["batch \(number + 1) is not in its place in the log"] }
            if lines.first.map(position) != batch.first || lines.last.map(position) != batch.last {
                faults.append("batch \(number + 1) is not at \(batch.first) to \(batch.last)")
            }
        }
        return rest.isEmpty ? faults : faults + ["\(rest.count) events in the log that nobody has published"]
    }

    private func position(_ line: String) -> String { String(line.dropFirst(7).prefix(Position.textBytes)) }

    private func payload(_ line: String) -> String {
        (try? JSON.parse(Array(line.utf8)))?["event"].map { String(decoding: $0.raw, as: UTF8.self) } ?? ""
    }
}
