// What is kept of an OpenCode that we started, in the data folder's `opencode.json` (mode 0600): after a crash of ours a living child is
// taken back instead of starting a second server beside it. A pid alone could be somebody else's by now, so its start time must fit.

import Foundation
import Reactor
import Wire

struct ChildRecord: Equatable {
    var process: ProcessIdentity
    var url: String
    var password: String

    static func path(in folder: String) -> String { folder + "/opencode.json" }

    init(process: ProcessIdentity, url: String, password: String) {
        self.process = process
        self.url = url
        self.password = password
    }

    /// Nil for a file that is not there or says something else.
    init?(folder: String) {
        guard let bytes = FileManager.default.contents(atPath: Self.path(in: folder)), let value = try? JSON.parse([UInt8](bytes)),
            let pid = value["pid"]?.int.flatMap({ Int32(exactly: $0) }), pid > 1,
            let started = value["started"]?.int.flatMap({ UInt64(exactly: $0) }),
            let url = value["url"]?.string, let password = value["password"]?.string
        else { return nil }
        self.init(process: ProcessIdentity(processID: pid, startTicks: started), url: url, password: password)
    }

    var endpoint: UpstreamEndpoint? {
        guard var endpoint = try? UpstreamEndpoint(url: url, environment: [:]) else { return nil }
        endpoint.authorization = UpstreamEndpoint.basic(user: "opencode", password: password)
        return endpoint
    }

    /// Written beside and renamed, never readable by others.
    func write(folder: String) throws(SystemError) {
        let bytes = JSONWriter.object { writer in
            writer.member("pid", Int(process.processID))
            writer.member("started", Int(clamping: process.startTicks))
            writer.member("url", url)
            writer.member("password", password)
        }
        try PrivateFile.write(bytes, to: Self.path(in: folder))
    }

    static func remove(folder: String) { try? FileManager.default.removeItem(atPath: path(in: folder)) }
}
