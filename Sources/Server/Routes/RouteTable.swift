// All routes there are: the only place that knows paths. The served document of the surface is made of the same rows.

import RelayProtocol
import Wire

enum RouteTable {
    static let rows = operatorRows + sessionRows + commandRows + topicRows

    /// Rows of one path.
    private struct Place: Sendable {
        /// Nil for a parameter.
        let segments: [String?]
        var rows: [RouteRow]

        /// The segments at the parameters' places; nil where the path is another.
        func values(in path: [String]) -> [String]? {
            guard path.count == segments.count else { return nil }
            var values: [String] = []
            for (own, given) in zip(segments, path) {
                if own == nil { values.append(given) } else if own != given { return nil }
            }
            return values
        }
    }

    private static let places: [Place] = rows.reduce(into: []) { places, row in
        let segments = row.path.split(separator: "/").map { $0.hasPrefix("{") ? nil : String($0) }
        if let place = places.firstIndex(where: { $0.segments == segments }) {
            places[place].rows.append(row)
        } else {
            places.append(Place(segments: segments, rows: [row]))
        }
    }

    /// Nil where no row has this path.
    static func find(_ path: [String], _ head: HTTPRequestHead) throws(HTTPFault) -> Route? {
        for place in places {
            guard let values = place.values(in: path) else { continue }
            return try pick(place.rows, head).route(RouteMatch(head: head, values: values))
        }
        return nil
    }

    private static func pick(_ rows: [RouteRow], _ head: HTTPRequestHead) throws(HTTPFault) -> RouteRow {
        let method = head.method == "HEAD" ? "GET" : head.method
        if let row = rows.first(where: { $0.method == method }) { return row }
        throw notAllowed(rows.map(\.method))
    }

    static func notAllowed(_ methods: [String]) -> HTTPFault {
        let allowed = methods + (methods.contains("GET") ? ["HEAD"] : [])
        return HTTPFault(Problem(.methodNotAllowed), headers: ["allow": allowed.joined(separator: ", ")])
    }
}
