// One message of a folded session, and the order of its parts. The rule: a message never moves (`created` is the first one said), and its
// parts stand in the order of the lists that were said, then of their first events.

import Wire

public struct FoldedMessage: Sendable {
    public var id: String
    /// As it was first said.
    public var created: Int
    /// As it was last said, `created` kept, without `parts`.
    public var object: JSONValue
    /// In order.
    public var parts: [FoldedPart]
    /// Ids of parts in the order that was said (`parts` of a message event), also of parts that are not there yet; empty: none was said.
    public var order: [String]

    public init(id: String, created: Int, object: JSONValue, parts: [FoldedPart] = [], order: [String] = []) {
        self.id = id
        self.created = created
        self.object = object
        self.parts = parts
        self.order = order
    }

    /// A message that is said for the first time; nil for an object without an id.
    init?(_ said: JSONValue) {
        guard let id = said["id"]?.string else { return nil }
        let created = said["created"]?.int ?? 0
        self.init(id: id, created: created, object: Self.object(said, created: created))
        if let list = said["parts"] { arrange(list) }
    }

    /// The message is said again.
    mutating func replace(_ said: JSONValue) {
        object = Self.object(said, created: created)
        if let list = said["parts"] { arrange(list) }
    }

    /// What the list names comes first, in its order; the others stay behind, in the order that they had.
    private mutating func arrange(_ list: JSONValue) {
        guard list.isArray else { return }
        var named = Set<ObjectKey>()
        let ids = list.items.compactMap(\.string).filter { named.insert(ObjectKey($0)).inserted }
        order = ids + order.filter { !named.contains(ObjectKey($0)) }
        let places = Dictionary(order.enumerated().map { (ObjectKey($1), $0) }, uniquingKeysWith: min)
        let ranked = parts.enumerated().map { (rank: places[ObjectKey($1.id)] ?? .max, place: $0, part: $1) }
        parts = ranked.sorted { ($0.rank, $0.place) < ($1.rank, $1.place) }.map(\.part)
    }

    /// Where a part that is said for the first time goes: to its place in the order, else to the end.
    func place(ofNew id: String) -> Int {
        guard let rank = order.firstIndex(where: { $0.isSameID(as: id) }) else { return parts.count }
        let earlier = Set(order[..<rank].map(ObjectKey.init))
        return parts.firstIndex { !earlier.contains(ObjectKey($0.id)) } ?? parts.count
    }

    private static func object(_ said: JSONValue, created: Int) -> JSONValue {
        if said["created"]?.int == created, said.member("parts") == nil { return said }
        let bytes = JSONWriter.object { writer in
            for (key, value) in said.members where key != "parts" && key != "created" {
                writer.key(named: key)
                writer.raw(value.raw)
            }
            writer.member("created", created)
        }
        return (try? JSON.parse(bytes, depth: Limits.lineDepth)) ?? said
    }

    /// The message as answers and snapshots have it: its parts as objects, and the order that was said, if one was.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            object.forEachMember { key, value in
                guard !key.says("parts"), !key.says("order") else { return }
                writer.key(named: key.string ?? "")
                writer.raw(value.raw)
            }
            if !order.isEmpty { writer.member("order", strings: order) }
            writer.key("parts")
            writer.array { writer in for part in parts { part.write(to: &writer) } }
        }
    }
}
