// What waits in a session's inbox: prompts (ours and others'), notes that OpenCode puts there by itself, compactions, moves. An item becomes
// a message when it is delivered, so its payload is kept until then.

import Wire

struct OpenCode2Inbox: Sendable {
    /// Items beyond are forgotten, the oldest first.
    static let limit = 100
    /// A payload beyond (attachments) does not go into the record: after a restart a read brings it.
    static let recordedBytes = 8 * 1024

    struct Item: Sendable {
        let id: String
        /// `user`, `synthetic`, `compaction`, `move`.
        let type: String
        /// ms since 1970.
        let created: Int
        /// A JSON string.
        var delivery: [UInt8]?
        let payload: JSONValue?

        /// A person's prompt that did not go through Reprise.
        var isForeign: Bool { type == "user" && !OpenCode2Identifier.isOurs(id) }
    }

    private(set) var items: [Item] = []

    init() {}

    mutating func add(_ item: Item) {
        remove(item.id)
        items.append(item)
        if items.count > Self.limit { items.removeFirst() }
    }

    @discardableResult
    mutating func remove(_ id: String) -> Item? {
        guard let place = items.firstIndex(where: { $0.id == id }) else { return nil }
        return items.remove(at: place)
    }

    mutating func removeAll(where isGone: (Item) -> Bool) { items.removeAll(where: isGone) }

    mutating func setDelivery(_ id: String, _ delivery: [UInt8]?) {
        guard let place = items.firstIndex(where: { $0.id == id }) else { return }
        items[place].delivery = delivery
    }

    func contains(_ id: String) -> Bool { items.contains { $0.id == id } }

    /// What others put there: a JSON array of queue items.
    var queue: [UInt8] {
        var writer = JSONWriter()
        writer.array { writer in for item in items where item.isForeign { writer.raw(Self.queued(item)) } }
        return writer.bytes
    }

    static func queued(_ item: Item) -> [UInt8] {
        var id: [UInt8] = []
        JSONText.append(item.id, to: &id)
        return OpenCode2Words.queued(item.payload, id: id, created: item.created, delivery: item.delivery)
    }

    // The record, and what a read gives.

    init(_ list: JSONValue?) {
        for item in list?.items ?? [] {
            guard let id = item["id"]?.string, let type = item["type"]?.string else { continue }
            add(
                Item(
                    id: id, type: type, created: item["created"]?.int ?? 0, delivery: item["delivery"].bytes,
                    payload: item["payload"]?.copied()))
        }
    }

    func write(to writer: inout JSONWriter) {
        guard !items.isEmpty else { return }
        writer.member("inbox", raw: list(payloadBytes: Self.recordedBytes))
    }

    /// A JSON array; payloads beyond are left out.
    func list(payloadBytes: Int) -> [UInt8] {
        var writer = JSONWriter()
        writer.array { writer in
            for item in items {
                writer.object { writer in
                    writer.member("id", item.id)
                    writer.member("type", item.type)
                    writer.member("created", item.created)
                    writer.member("delivery", raw: item.delivery)
                    if let payload = item.payload, payload.raw.count <= payloadBytes { writer.member("payload", payload) }
                }
            }
        }
        return writer.bytes
    }
}
