// Where OpenCode is, as `--opencode` says it: `auto`, `service:FILE`, a URL, or `none`.

import Foundation

/// The parsed value of `--opencode`.
public enum OpenCodeLocation: Sendable, Equatable {
    case automatic
    /// A service file of 2.x in place of the default one.
    case service(file: String)
    case address(UpstreamEndpoint)
    case none

    /// A value of `--opencode`; `environment` gives the credentials of a URL that has none.
    public init(_ text: String, environment: [String: String]) throws(OpenCodeLocationError) {
        switch text {
        case "auto": self = .automatic
        case "none": self = .none
        case _ where text.hasPrefix("service:"):
            let file = String(text.dropFirst("service:".count))
            guard !file.isEmpty else {
                throw OpenCodeLocationError("--opencode service: wants a file, as in service:/home/ada/.local/state/opencode/service.json")
            }
            self = .service(file: file)
        case _ where text.contains("://"):
            self = .address(try UpstreamEndpoint(url: text, environment: environment))
        default:
            throw OpenCodeLocationError("--opencode is auto, service:FILE, a URL such as http://127.0.0.1:4096, or none")
        }
    }

    /// `--opencode-config` is for an OpenCode that we start: with anything but `auto` it is a usage error.
    public func checkConfig(_ config: String?) throws(OpenCodeLocationError) {
        guard config != nil, self != .automatic else { return }
        throw OpenCodeLocationError("--opencode-config is for an OpenCode that Reprise starts itself: it goes with --opencode auto only")
    }
}
