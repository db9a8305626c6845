// Refusals, delays and losses that wait for the requests that they are meant for.

struct ScriptedHindrances {
    private var waiting: [(path: String, kind: Kind, times: Int)] = []

    enum Kind {
        case status(Int)
        case delay(milliseconds: Int64)
        case loss
    }

    mutating func add(_ kind: Kind, path: String, times: Int) { waiting.append((path, kind, times)) }

    /// What meets this request, the first that fits; it is used up by one.
    mutating func take(_ target: String) -> Kind? {
        guard let place = waiting.firstIndex(where: { target.hasPrefix($0.path) }) else { return nil }
        waiting[place].times -= 1
        let kind = waiting[place].kind
        if waiting[place].times <= 0 { waiting.remove(at: place) }
        return kind
    }
}
