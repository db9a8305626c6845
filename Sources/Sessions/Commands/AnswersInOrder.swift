// Requests that were sent side by side, and their answers in the order of the requests.

import OpenCode

/// Confined to the loop on which the answers come.
final class AnswersInOrder {
    private var answers: [UpstreamAnswer?]

    init(count: Int) { answers = Array(repeating: nil, count: count) }

    /// All answers, once the last is there.
    func add(_ answer: UpstreamAnswer, at place: Int) -> [UpstreamAnswer]? {
        answers[place] = answer
        let all = answers.compactMap { $0 }
        return all.count == answers.count ? all : nil
    }
}
