// How many bytes wait for the writer: counted by whoever appends, released after the commit.

import Synchronization

final class WriterLoad: Sendable {
    private let bytes = Atomic<Int>(0)
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    var queuedBytes: Int { bytes.load(ordering: .relaxed) }

    /// False when that would be too much.
    func reserve(_ count: Int) -> Bool {
        let now = bytes.add(count, ordering: .relaxed).newValue
        guard now <= limit || now == count else {
            release(count)
            return false
        }
        return true
    }

    func release(_ count: Int) { bytes.subtract(count, ordering: .relaxed) }
}
