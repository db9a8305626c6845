// What differs between the log and a read of OpenCode, as events. Pure, and blind to generations: both sides are in the words of the log.
//
// A read never shortens a text, never takes a field from a tool that still runs, never moves a message. Saying the same twice does no
// harm, so in doubt it says; what equals what the log holds is not said, so a second heal says nothing.

import OpenCode
import RelayProtocol
import Wire

struct Healer {
    let held: FoldedSession
    let read: SessionRead
    let origin: EventOrigin
    /// Upstream was not heard for a while: what is still open may miss words.
    let acrossOutage: Bool
    /// The oldest message behind those that were read; nil where they are the newest.
    let successor: MessagePlace?
    /// Objects that are too large to be logged and were told of.
    let oversize: [String]
    private(set) var events: [Event] = []

    /// What `held` lacks of `read`, whose unheard parts are marked, in an order in which every event finds what it refers to.
    static func difference(
        held: FoldedSession, read: SessionRead, origin: EventOrigin, acrossOutage: Bool, successor: MessagePlace? = nil,
        oversize: [String] = []
    ) -> [Event] {
        var healer = Healer(
            held: held, read: read, origin: origin, acrossOutage: acrossOutage, successor: successor, oversize: oversize)
        healer.compareRow()
        healer.compareMessages()
        healer.compareLists()
        return healer.events
    }

    /// It says a part that streams and began unheard.
    static func missesWords(_ event: Event) -> Bool {
        event.kind == .part && (try? JSON.parse(event.payload))?["part"]?["incomplete"]?.bool == true
    }

    private mutating func say(_ event: Event) {
        var event = event
        event.origin = origin
        events.append(event)
    }

    private mutating func compareRow() {
        guard let row = read.row, let value = try? JSON.parse(row) else { return }
        if let known = held.session, !held.isRemoved, ObjectFields.differ(known, value, besides: ["updated"]) == false { return }
        say(.session(read.session, row))
    }

    // Messages.

    private mutating func compareMessages() {
        removeMessages()
        for (message, created) in zip(read.messages, places()) { compare(message, created: created) }
    }

    /// Each message's `created`: as it was first said, else as read. Where upstream's list contradicts it, 1 ms before its successor's.
    private func places() -> [Int] {
        var places: [Int] = []
        var successor = successor
        for message in read.messages.reversed() {
            var place = MessagePlace(created: known(message.id)?.created ?? message.created, id: message.id)
            // Nothing can be lowered below the lowest time there is.
            if let successor, successor.created > .min, place > successor, known(message.id) == nil {
                place.created = successor.created - 1
            }
            places.append(place.created)
            successor = place
        }
        return places.reversed()
    }

    private func known(_ id: String) -> FoldedMessage? { held.messages.first { $0.id == id } }

    /// What stands in the range that was read and is not there any more.
    private mutating func removeMessages() {
        let ids = Set(read.messages.map(\.id))
        let oldest = read.isComplete ? Int.min : read.messages.first?.created ?? Int.max
        for message in held.messages where message.created > oldest && !ids.contains(message.id) {
            if let successor, MessagePlace(created: message.created, id: message.id) >= successor { continue }
            say(.messageRemoved(message.id))
        }
    }

    private mutating func compare(_ message: MessageRead, created: Int) {
        guard let object = try? JSON.parse(message.object) else { return }
        guard let known = known(message.id) else {
            // Its parts would be of a message that isn't there.
            if oversize.contains("message \(message.id)") { return }
            say(.message(message.id, ObjectFields.setting(object, created: created, parts: nil)))
            for part in message.parts { say(.part(part.id, part.object)) }
            return
        }
        let parts = partsDiffering(message, known)
        let order = reordered(message, known)
        let logged = asLogged(.message(message.id, message.object), "message") ?? object
        if order != nil || ObjectFields.differ(known.object, logged, besides: ["created", "turn", "parts"]) {
            say(.message(message.id, ObjectFields.setting(object, created: known.created, parts: order, keeping: known.object["turn"])))
        }
        for part in parts { say(part) }
        guard hasSameParts(message, known) else { return }
        let ids = Set(message.parts.map(\.id))
        for part in known.parts where !ids.contains(part.id) && isForgotten(part) { say(.partRemoved(part.id)) }
    }

    /// A message of before an upgrade keeps its parts and their ids (`prt_`): a reading under other ids says nothing of them.
    private func hasSameParts(_ message: MessageRead, _ known: FoldedMessage) -> Bool {
        guard let first = known.parts.first, first.id.hasPrefix("prt_") else { return true }
        return message.parts.contains { $0.id.hasPrefix("prt_") }
    }

    /// A text that only the log has is kept: upstream forgets what it streamed before a death.
    private func isForgotten(_ part: FoldedPart) -> Bool {
        guard let type = part.object["type"]?.string else { return true }
        return type != "text" && type != "reasoning" || part.currentText.isEmpty
    }

    private func partsDiffering(_ message: MessageRead, _ known: FoldedMessage) -> [Event] {
        guard hasSameParts(message, known) else { return [] }
        return message.parts.compactMap { part in
            guard let value = try? JSON.parse(part.object) else { return nil }
            guard let before = known.parts.first(where: { $0.id == part.id }) else {
                return .part(part.id, part.object)
            }
            // A large string stands in the log as a blob: compared with itself it is the same.
            if before.text.isEmpty, before.output.isEmpty, let logged = asLogged(.part(part.id, part.object), "part"),
                !ObjectFields.differ(before.object, logged, besides: [])
            {
                return nil
            }
            return PartHealing.difference(before, value, acrossOutage: acrossOutage).map { .part(part.id, $0) }
        }
    }

    /// The object as the log has it when the event is said; nil where that is the object itself.
    private func asLogged(_ event: Event, _ key: StaticString) -> JSONValue? {
        guard !EventBounds.fits(event) else { return nil }
        return EventBounds.bounded(event, in: .opencode).events.first.flatMap { try? JSON.parse($0.payload, depth: Limits.lineDepth) }?[key]
    }

    /// The read's order, where it shows a part before one that is held already.
    private func reordered(_ message: MessageRead, _ known: FoldedMessage) -> [String]? {
        guard hasSameParts(message, known) else { return nil }
        let wanted = message.parts.map(\.id)
        let there = known.parts.map(\.id).filter { wanted.contains($0) }
        let appended = there + wanted.filter { !there.contains($0) }
        return appended == wanted ? nil : wanted
    }

    private mutating func compareLists() {
        if let tasks = read.tasks, differs(tasks, held.tasks) { say(.tasks(tasks)) }
        if let queue = read.queue, differs(queue, held.queue) { say(.queue(queue)) }
    }

    private func differs(_ list: [UInt8], _ known: JSONValue?) -> Bool {
        guard let value = try? JSON.parse(list) else { return false }
        guard let known else { return !value.items.isEmpty }
        return !value.says(sameAs: known)
    }
}
