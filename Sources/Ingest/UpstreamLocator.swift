// Who finds OpenCode for the line: the launcher, or a test.

import OpenCode

public protocol UpstreamLocator: AnyObject {
    /// Finds it, starting it where that is wanted; asked again after each loss. `done` is called once, on the upstream loop.
    func locate(_ done: @escaping (LauncherAnswer) -> Void)
    /// Ends what it started; `done` when that is gone.
    func stop(_ done: @escaping () -> Void)
}

extension Launcher: UpstreamLocator {}
