import TestSupport
import Testing

@testable import Reactor

@Suite(.ownThread) struct RegistrationTests {
    /// Other tests of the process open descriptors too: it is tried until the number is the same.
    @Test func `an event for a descriptor that was closed and opened again is dropped`() async throws {
        for _ in 0..<1000 {
            let (told, isSameNumber) = try await replaceUnderItsEvent()
            #expect(told == .writable)
            if isSameNumber { return }
        }
        Issue.record("no descriptor got the number of the one before it")
    }

    /// Two descriptors are ready in one turn; whoever is told first closes the other one and opens a new one under its number.
    private func replaceUnderItsEvent() async throws -> (Readiness, Bool) {
        try await onLoop { loop, finish in
            let sources = [Source(), Source()]
            for source in sources { try source.open(on: loop) }
            let newcomer = Source()
            var isSameNumber = false
            for (source, other) in [(sources[0], sources[1]), (sources[1], sources[0])] {
                source.onReady = { readiness in
                    guard readiness.contains(.readable), newcomer.number == nil else { return }
                    let closed = other.number
                    other.close(on: loop)
                    try? newcomer.open(on: loop)
                    isSameNumber = newcomer.number == closed
                }
            }
            // It is told that it can be written, when its own turn comes; nobody has signalled it.
            newcomer.onReady = { finish(($0, isSameNumber)) }
            for source in sources { source.signal() }
        }
    }

    @Test func `a slot that is used again has another generation`() {
        var table = SourceTable()
        let source = Source()
        let first = table.insert(source)
        table.remove(first)
        let second = table.insert(source)
        #expect(first.slot == second.slot)
        #expect(table[first] == nil)
        #expect(table[second] != nil)
        table.remove(first)
        #expect(table[second] != nil)
        #expect(Registration(key: second.key) == second)
    }

    private final class Source: EventSource {
        var onReady: (Readiness) -> Void = { _ in }
        private var event: EventDescriptor?
        private var registration = Registration(slot: 0, generation: 0)

        var number: Int32? {
            switch event {
            case .some(let event): event.descriptor.number
            case .none: nil
            }
        }

        func open(on loop: EventLoop) throws {
            let opened = try EventDescriptor(.edge)
            registration = try loop.register(self, opened.descriptor)
            event = consume opened
        }

        func close(on loop: EventLoop) {
            onReady = { _ in }
            guard let closing = event.take() else { return }
            loop.deregister(registration, closing.descriptor)
        }

        func signal() {
            switch event {
            case .some(let event): event.signal()
            case .none: break
            }
        }

        func ready(_ readiness: Readiness) { onReady(readiness) }

        func loopEnded() {
            event = nil
            onReady = { _ in }
        }
    }
}
