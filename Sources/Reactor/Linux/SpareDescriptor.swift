// One descriptor held back. When the process has none left, it is given up for a moment, so that a connection that waits
// can be accepted and closed: its peer hears at once that there is no room, instead of waiting for ever.

import Glibc

struct SpareDescriptor: ~Copyable {
    private var descriptor: Descriptor?

    init() { refill() }

    var isHeld: Bool { descriptor != nil }

    mutating func giveUp() { descriptor = nil }

    mutating func refill() {
        if descriptor != nil { return }
        let opened = try? systemCallNow("open") { unsafe open("/dev/null", O_RDONLY | O_CLOEXEC) }
        descriptor = opened.map { Descriptor(owning: $0) }
    }
}
