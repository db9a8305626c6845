// What can be registered on a loop. The loop keeps it alive until it is deregistered.

protocol EventSource: AnyObject {
    func ready(_ readiness: Readiness)
    /// The loop is over: let go of everything. No call follows.
    func loopEnded()
}
