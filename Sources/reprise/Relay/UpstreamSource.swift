import Ingest
import OpenCode
import Reactor

enum UpstreamSource {
    final class Fixed: UpstreamLocator {
        let location: OpenCodeLocation
        init(_ location: OpenCodeLocation) { self.location = location }
        func locate(_ done: @escaping (UpstreamSearch) -> Void) {
            if case .address(let endpoint) = location { done(.found(endpoint, how: "given")) } else { done(.none("none")) }
        }
        func stop() {}
    }
    static func locator(_ loop: EventLoop, _ options: RelayOptions, _ logger: Logger) -> any UpstreamLocator { Fixed(options.location) }
}
