// Whether there is an OpenCode, and whether asking again may change that.

public enum LauncherAnswer: Sendable, Equatable {
    /// `how` is a sentence for the log and `/readyz`.
    case found(UpstreamEndpoint, how: String)
    /// There is none, and asking again changes nothing.
    case none(String)
    /// There is none, but one may come: ask again later. Costs a look at the service file and at PATH.
    case absent(String)
    /// Not now: ask again later.
    case failed(String)
}
