// The file that OpenCode 2.x's background service leaves for others: where it listens, who it is, its password. A file can outlive its
// server, so it counts only if its process lives and its URL answers.

import Foundation
import Wire

struct ServiceFile: Equatable {
    var endpoint: UpstreamEndpoint
    var processID: Int32

    /// `${XDG_STATE_HOME:-~/.local/state}/opencode/service.json`; nil without a home.
    static func defaultPath(_ environment: [String: String]) -> String? {
        if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") { return state + "/opencode/service.json" }
        guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
        return home + "/.local/state/opencode/service.json"
    }

    /// Nil for a file that is not there or says something else.
    init?(path: String) {
        guard let bytes = FileManager.default.contents(atPath: path), bytes.count < 1 << 20 else { return nil }
        self.init([UInt8](bytes))
    }

    init?(_ bytes: [UInt8]) {
        guard let value = try? JSON.parse(bytes), let url = value["url"]?.string, let pid = value["pid"]?.int,
            let processID = Int32(exactly: pid), processID > 0, var endpoint = try? UpstreamEndpoint(url: url, environment: [:])
        else { return nil }
        if let password = value["password"]?.string {
            endpoint.authorization = UpstreamEndpoint.basic(user: "opencode", password: password)
        }
        self.endpoint = endpoint
        self.processID = processID
    }
}
