// The messages of a folded session in their order, with an index, so that a session of ten thousand messages folds in proportion to its
// events. A delta finds its part by a look at the last one used: it costs what its text costs.

import Wire

struct FoldedMessages: Sendable {
    private(set) var messages: [FoldedMessage] = []
    /// A message's `created`, by id: with it the message is found by bisection.
    private var created: [ObjectKey: Int] = [:]
    /// The message that holds a part, by the part's id.
    private var holder: [ObjectKey: String] = [:]
    /// Where the last delta went.
    private var last = (message: 0, part: 0)

    init() {}

    /// Of what somebody says twice the first counts.
    init(_ given: [FoldedMessage]) {
        for var message in given where created[ObjectKey(message.id)] == nil {
            created[ObjectKey(message.id)] = message.created
            message.parts = message.parts.filter { part in
                guard holder[ObjectKey(part.id)] == nil else { return false }
                holder[ObjectKey(part.id)] = message.id
                return true
            }
            messages.append(message)
        }
        messages.sort { Self.isBefore(($0.created, $0.id), ($1.created, $1.id)) }
    }

    /// (`created`, `id`); ids byte by byte.
    private static func isBefore(_ a: (created: Int, id: String), _ b: (created: Int, id: String)) -> Bool {
        a.created != b.created ? a.created < b.created : a.id.utf8.lexicographicallyPrecedes(b.id.utf8)
    }

    /// The first message that does not stand before this place.
    private func bound(_ place: (created: Int, id: String)) -> Int {
        var (low, high) = (0, messages.count)
        while low < high {
            let middle = low + (high - low) / 2
            if Self.isBefore((messages[middle].created, messages[middle].id), place) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private func index(of id: String) -> Int? {
        guard let created = created[ObjectKey(id)] else { return nil }
        let index = bound((created, id))
        return index < messages.count && messages[index].id.isSameID(as: id) ? index : nil
    }

    private func indices(ofPart id: String) -> (message: Int, part: Int)? {
        guard let message = holder[ObjectKey(id)].flatMap(index(of:)),
            let part = messages[message].parts.lastIndex(where: { $0.id.isSameID(as: id) })
        else { return nil }
        return (message, part)
    }

    // What events do.

    mutating func say(_ said: JSONValue) {
        guard let id = said["id"]?.string else { return }
        if let index = index(of: id) { return messages[index].replace(said) }
        guard let message = FoldedMessage(said) else { return }
        messages.insert(message, at: bound((message.created, id)))
        created[ObjectKey(id)] = message.created
    }

    mutating func remove(_ id: String) {
        guard let index = index(of: id) else { return }
        for part in messages[index].parts { holder[ObjectKey(part.id)] = nil }
        messages.remove(at: index)
        created[ObjectKey(id)] = nil
    }

    /// A part that is there stays where it is; one of a message that is not there is ignored.
    mutating func sayPart(_ said: JSONValue) {
        guard let id = said["id"]?.string else { return }
        let part = FoldedPart(id: id, object: said)
        if let (message, index) = indices(ofPart: id) {
            messages[message].parts[index] = part
        } else if let owner = said["message"]?.string, let message = index(of: owner) {
            messages[message].parts.insert(part, at: messages[message].place(ofNew: id))
            holder[ObjectKey(id)] = owner
        }
    }

    mutating func removePart(_ id: String) {
        guard let (message, index) = indices(ofPart: id) else { return }
        messages[message].parts.remove(at: index)
        holder[ObjectKey(id)] = nil
    }

    mutating func append(_ text: ArraySlice<UInt8>, toPart id: String, field: FoldedPart.Field) {
        if !isLast(id) {
            guard let found = indices(ofPart: id) else { return }
            last = found
        }
        guard messages[last.message].parts[last.part].takes(field) else { return }
        messages[last.message].parts[last.part].append(text, to: field)
    }

    private func isLast(_ id: String) -> Bool {
        last.message < messages.count && last.part < messages[last.message].parts.count
            && messages[last.message].parts[last.part].id.isSameID(as: id)
    }
}
