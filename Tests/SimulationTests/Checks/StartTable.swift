// How a subscribe must be answered (the table of the protocol's section 5), judged by what was ever durable and not by what the log keeps of
// epochs: a second opinion.

import Broker
import RelayProtocol
import Wire

@testable import EventLog

struct StartTable {
    let history: History
    let disk: Disk

    func answer(_ name: TopicName, _ point: JudgeRequest.Point) -> (start: ControlLine.Start, reason: ControlLine.Reason?) {
        let isSession = name.kind == .session
        switch point {
        case .none: return (isSession ? .snapshot : .exact, nil)
        case .earliest: return (.exact, nil)
        case .text(let text):
            guard let position = Position(text) else { return (.gap, .malformed) }
            let removed = disk.topics[name]?.stored.removedThrough ?? 0
            if position == .origin { return removed == 0 ? (.exact, nil) : compacted(isSession) }
            guard let topic = disk.topics[name]?.stored.number, let place = history.place(name, position), place.topic == topic else {
                return (.gap, isOfThisLife(position.epoch, name) ? .pastEnd : .epoch)
            }
            return position.offset < removed ? compacted(isSession) : (.exact, nil)
        }
    }

    private func compacted(_ isSession: Bool) -> (ControlLine.Start, ControlLine.Reason?) { (isSession ? .snapshot : .gap, .compacted) }

    private func isOfThisLife(_ epoch: Epoch, _ name: TopicName) -> Bool {
        guard let topic = disk.topics[name]?.stored.number else { return false }
        return history.lines[topic]?.contains { $0.position.epoch == epoch } ?? false
    }
}

extension ControlLine {
    /// What `gap` or `snapshot` say, or that there is neither; of a snapshot the reason is told by `hello` alone.
    static func saidInBand(_ line: [UInt8]) -> (start: String?, reason: String?) {
        let value = try? JSON.parse(line)
        guard let type = value?["type"]?.string else { return ("exact", nil) }
        return (type, value?["reason"]?.string ?? (type == "snapshot" ? "compacted" : nil))
    }

    /// What `hello` says.
    static func saidStart(_ line: [UInt8]) -> (start: String?, reason: String?) {
        let value = try? JSON.parse(line)
        return (value?["start"]?.string, value?["reason"]?.string)
    }
}
