// When sessions want to be looked at, soonest first: a heap, so that thousands of sessions cost a turn of the loop nothing.

/// One time a session: the soonest that was asked for.
struct WakeQueue: Sendable {
    private struct Entry: Sendable {
        var at: Int64
        var session: String
    }

    private var heap: [Entry] = []
    private var due: [String: Int64] = [:]

    /// The soonest, ms since 1970. It may be one that was asked for sooner meanwhile: then it wakes for nothing.
    var next: Int64? { heap.first?.at }

    mutating func schedule(_ session: String, at: Int64) {
        if let before = due[session], before <= at { return }
        due[session] = at
        heap.append(Entry(at: at, session: session))
        var place = heap.count - 1
        while place > 0, heap[place].at < heap[(place - 1) / 2].at {
            heap.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    /// The next session whose time has come.
    mutating func take(through now: Int64) -> String? {
        while let first = heap.first, first.at <= now {
            removeFirst()
            guard due[first.session] == first.at else { continue }
            due[first.session] = nil
            return first.session
        }
        return nil
    }

    mutating func removeAll() {
        heap = []
        due = [:]
    }

    private mutating func removeFirst() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var place = 0
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2] where child < heap.count && heap[child].at < heap[least].at { least = child }
            guard least != place else { return }
            heap.swapAt(place, least)
            place = least
        }
    }
}
