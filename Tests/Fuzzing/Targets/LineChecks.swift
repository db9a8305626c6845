// Lines: what is read out of one can be written and read again, and a subscriber makes the same of lines however messages carry them.

import RelayProtocol
import Wire

@testable import RepriseClient

enum LineChecks {
    /// JSON, with its LF and no other.
    static func isOneLine(_ line: [UInt8]) {
        check(line.last == 0x0A && line.firstIndex(of: 0x0A) == line.count - 1, "not one line: \(text(line))")
        check((try? JSON.parse(line, depth: Limits.lineDepth)) != nil, "not JSON: \(text(line))")
    }

    static func eventLine(_ bytes: [UInt8], isPlain: Bool) {
        _ = EventLine.position(of: bytes[...])
        guard let line = try? EventLine.parse(bytes, isPlain: isPlain), !line.event.payload.contains(where: { $0 == 0x0A || $0 == 0x0D })
        else { return }
        isWritten(line.event, at: line.position, timestamp: line.timestamp, isPlain: isPlain)
    }

    /// The event's line is a line that says the event, its position where readers look for it.
    static func isWritten(_ event: Event, at position: Position, timestamp: Int64, isPlain: Bool = false) {
        var written: [UInt8] = []
        EventLine.append(event, at: position, timestamp: timestamp, to: &written)
        isOneLine(written)
        check(EventLine.position(of: written[...]) == position, "the position of \(text(written))")
        let read = try? EventLine.parse(written, isPlain: isPlain)
        let same = EventLine(position: position, timestamp: timestamp, event: event)
        check(read == same, "\(text(written)) is read as \(String(describing: read)), not as \(same)")
    }

    /// Many lines in one message, or each in its own: the same is handed over, and the same position is kept.
    static func subscriber(_ lines: [[UInt8]]) {
        let messages = lines.map { $0 + [0x0A] }
        var (apart, joined) = (machine(), machine())
        let one = messages.flatMap { delivered(apart.received($0)) }
        let other = delivered(joined.received(Array(messages.joined())))
        check(one == other && apart.position == joined.position, "\(one) apart, \(other) joined")
        if let position = apart.position { check(PositionText.of(Array(position.utf8)[...]) != nil, "the position \(position)") }
        for var machine in [apart, joined] {
            for action in machine.lost("cut") {
                if case .setTimer(let time) = action { check(time >= .zero && time < .seconds(86_400 * 366), "waits \(time)") }
            }
            _ = machine.timeIsUp()
        }
    }

    private static func machine() -> SubscriberMachine {
        var machine = SubscriberMachine(after: nil, random: SplitMix(seed: 1))
        _ = machine.start()
        return machine
    }

    private static func delivered(_ actions: [SubscriberMachine.Action]) -> [[UInt8]] {
        actions.compactMap { action in
            switch action {
            case .deliver(.event(let event)):
                check(!event.payload.isEmpty, "an event without its payload")
                return event.line
            case .deliver(.control(_, let line)): return line
            case .setTimer(let time):
                check(time > .zero && time < .seconds(86_400 * 366), "a timer of \(time)")
                return nil
            default: return nil
            }
        }
    }
}
