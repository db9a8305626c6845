// Who finds OpenCode: a service that runs, a child of ours, an address, or nobody.

import OpenCode

public protocol UpstreamLocator: AnyObject {
    /// Finds it, starting it where that is wanted; asked again after each loss. `done` is called once, on the upstream loop.
    func locate(_ done: @escaping (UpstreamSearch) -> Void)
    /// Ends what it started.
    func stop()
}

public enum UpstreamSearch: Sendable {
    /// Where it is, and how it was found, in words.
    case found(UpstreamEndpoint, how: String)
    /// There is none to look for, and why: nobody asks again.
    case none(String)
    /// Not now, and why: asked again after a backoff.
    case failed(String)
}
