// The launcher as the flags want it.

import Foundation
import OpenCode
import Reactor

enum UpstreamSource {
    /// `refused` is called on the loop where the flags ask what cannot be: the start has failed.
    static func locator(
        _ loop: EventLoop, _ options: RelayOptions, _ logger: Logger, refused: @escaping @Sendable (String) -> Void
    ) -> Launcher {
        let wanted = Launcher.Options(
            location: options.location, config: options.openCodeConfig, dataFolder: options.folder.path,
            environment: ProcessInfo.processInfo.environment, directory: options.directories.first)
        let launcher = Launcher(loop: loop, options: wanted, logger: logger)
        launcher.onRefusal = refused
        return launcher
    }
}
