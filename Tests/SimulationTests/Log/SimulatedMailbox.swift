// A mailbox of the simulation: what one part leaves for another, first in, first out. It can be captured by closures that cross threads in
// the program; here there is one thread.

import Synchronization

final class SimulatedMailbox<Item: Sendable>: Sendable {
    // reads: lock; writes: lock
    private let items = Mutex<[Item]>([])

    var count: Int { items.withLock { $0.count } }
    var isEmpty: Bool { count == 0 }

    func post(_ item: Item) { items.withLock { $0.append(item) } }

    /// False where so many wait already.
    func post(_ item: Item, limit: Int) -> Bool {
        items.withLock { items in
            guard items.count < limit else { return false }
            items.append(item)
            return true
        }
    }

    func takeFirst() -> Item? { items.withLock { $0.isEmpty ? nil : $0.removeFirst() } }

    func takeAll() -> [Item] {
        items.withLock { items in
            defer { items = [] }
            return items
        }
    }
}
