// What a translator knows of the messages that were said. Bounded: the newest only; an older one that comes again is read.

/// The newest messages, by id.
struct OpenCode1Messages {
    static let limit = 256
    private var byId: [String: OpenCode1Message] = [:]
    private var order: [String] = []

    var isEmpty: Bool { order.isEmpty }
    /// `created` of the newest message.
    var newest: Int? { byId.values.map(\.created).max() }

    /// `created` of the oldest that is remembered.
    var oldest: Int? { byId.values.map(\.created).min() }

    subscript(id: String) -> OpenCode1Message? {
        get { byId[id] }
        _modify { yield &byId[id] }
    }

    mutating func add(_ id: String, _ message: OpenCode1Message) {
        if byId.updateValue(message, forKey: id) == nil { order.append(id) }
        guard order.count > Self.limit else { return }
        byId[order.removeFirst()] = nil
    }

    mutating func remove(_ id: String) {
        guard byId.removeValue(forKey: id) != nil else { return }
        order.removeAll { $0 == id }
    }

    mutating func removeAll() {
        byId = [:]
        order = []
    }

    /// Ids in the order in which they were added.
    var ids: [String] { order }
}
