// A command that failed may have been taken all the same: a try arrived, and its answer was lost. Whoever does it again does it twice, so a
// person is told where to look first.

import RepriseClient
import Synchronization

final class LostAnswer: Sendable {
    private let isNoted = Atomic(false)

    var isLost: Bool { isNoted.load(ordering: .relaxed) }
    func note() { isNoted.store(true, ordering: .relaxed) }

    /// - Parameter look: what shows whether it was taken.
    func failure(_ error: RepriseError, look: String) -> Failure {
        guard isLost else { return error.failure }
        return Failure(error.failure.reason, hint: "it may have been taken all the same: look before you say it again, with \(look)")
    }
}
