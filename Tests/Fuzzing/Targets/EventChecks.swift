// What holds of every event that goes to the log.

import OpenCode
import RelayProtocol
import Wire

enum EventChecks {
    private static let position = Position(epoch: Epoch(start: 7, random: 11), offset: 39)

    /// Its word and id stand in its payload, its line is one line that says it, and clients can read that.
    static func canBeLogged(_ event: Event) {
        check(!event.payload.contains { $0 == 0x0A || $0 == 0x0D }, "two lines: \(text(event.payload))")
        check(event.payload.starts(with: Array(#"{"type":"#.utf8)), "begins with no type: \(text(event.payload))")
        LineChecks.isWritten(event, at: position, timestamp: 1_795_550_337_966)
    }

    /// What a read says, as the events that heal by it would.
    static func events(of read: SessionRead) -> [Event] {
        var events = read.messages.flatMap { message in
            [Event.message(message.id, message.object)] + message.parts.map { Event.part($0.id, $0.object) }
        }
        if let row = read.row { events.append(.session(read.session, row)) }
        events +=
            (read.permissions ?? []).map { .permission($0.id, $0.object) } + (read.questions ?? []).map { .question($0.id, $0.object) }
        if let tasks = read.tasks { events.append(.tasks(tasks)) }
        if let queue = read.queue { events.append(.queue(queue)) }
        return events
    }
}
