// One life of a real OpenCode, however it was started.

protocol OpenCodeInstance: Sendable {
    var processID: Int32 { get }
    func send(_ signal: Int32)
    /// After a signal that ends it.
    func waitForEnd()
}
