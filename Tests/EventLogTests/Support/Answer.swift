import Reactor

/// A value that comes on another thread, once.
struct Answer<Value: Sendable>: Sendable {
    struct NeverCame: Error {}
    private let queue = BlockingQueue<Value>()

    func give(_ value: Value) { queue.post(always: value) }

    func take() throws -> Value {
        guard let value = queue.takeAll(within: .seconds(30))?.first else { throw NeverCame() }
        return value
    }
}
