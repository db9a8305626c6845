// A request that came to no answer, as those who send it again see it.

struct FailedExchange: Error {
    let reason: RepriseError
    /// Some of it went out: nobody can say any more that it was not taken.
    let mayHaveArrived: Bool

    init(_ reason: RepriseError, mayHaveArrived: Bool = false) {
        self.reason = reason
        self.mayHaveArrived = mayHaveArrived
    }
}
