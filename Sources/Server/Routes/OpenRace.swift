// An import against the clock: whichever comes first answers.

import Synchronization

final class OpenRace: Sendable {
    private let isOver = Atomic(false)
    private let reply: @Sendable (Bool) -> Void

    init(_ reply: @escaping @Sendable (Bool) -> Void) { self.reply = reply }

    func finish(isImported: Bool) {
        if !isOver.exchange(true, ordering: .acquiringAndReleasing) { reply(isImported) }
    }
}
