// The order of a message's parts: as its lists said, what those do not name behind it, in the order of first events.

enum PartOrder {
    static func sorted<Part>(_ parts: [Part], order: [String], id: (Part) -> String) -> [Part] {
        var places: [String: Int] = [:]
        for (place, id) in order.enumerated() { places[id] = place }
        return parts.enumerated()
            .map { (place: places[id($0.element)] ?? .max, first: $0.offset, part: $0.element) }
            .sorted { ($0.place, $0.first) < ($1.place, $1.first) }
            .map(\.part)
    }
}
