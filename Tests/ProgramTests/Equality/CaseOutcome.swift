// What came of one case: why it could not be run, where it differs from OpenCode, and what went otherwise than it was recorded.

struct CaseOutcome: Sendable {
    var failure: String?
    var differences: [String] = []
    var remarks: [String] = []

    /// Said when it is over, and as it went otherwise than it had been recorded.
    func summary(of equalityCase: EqualityCase) -> String {
        let verdict = failure.map { "failed: \($0)" } ?? (differences.isEmpty ? "equal" : "\(differences.count) differences")
        return (["\(equalityCase.testDescription): \(verdict)"] + remarks.map { "    \($0)" }).joined(separator: "\n")
    }
}
