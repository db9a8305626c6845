// The launcher as the flags want it.

import Foundation
import OpenCode
import Reactor

enum UpstreamSource {
    static func locator(_ loop: EventLoop, _ options: RelayOptions, _ logger: Logger) -> Launcher {
        var wanted = Launcher.Options(
            location: options.location, config: options.openCodeConfig, dataFolder: options.folder.path,
            environment: ProcessInfo.processInfo.environment, directory: options.directories.first)
        wanted.config = options.openCodeConfig
        let launcher = Launcher(loop: loop, options: wanted, logger: logger)
        launcher.onRefusal = { why in
            complain(why)
            exit(1)
        }
        return launcher
    }
}
