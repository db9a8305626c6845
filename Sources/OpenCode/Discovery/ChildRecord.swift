// What is kept of an OpenCode that we started, in the data folder's `opencode.json` (mode 0600): after a crash of ours a living child is
// taken back instead of starting a second server beside it. A pid alone could be somebody else's by now, so its start time must fit.

import Foundation
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
            let pid = value["pid"]?.int.flatMap({ Int32(exactly: $0) }), pid > 1, let started = value["started"]?.string,
            let url = value["url"]?.string, let password = value["password"]?.string
        else { return nil }
        self.init(process: ProcessIdentity(id: pid, started: started), url: url, password: password)
    }

    var endpoint: UpstreamEndpoint? {
        guard var endpoint = try? UpstreamEndpoint(url: url, environment: [:]) else { return nil }
        endpoint.authorization = UpstreamEndpoint.basic(user: "opencode", password: password)
        return endpoint
    }

    /// Written beside and renamed, never readable by others.
    func write(folder: String) throws {
        let bytes = JSONWriter.object { writer in
            writer.member("pid", Int(process.id))
            writer.member("started", process.started)
            writer.member("url", url)
            writer.member("password", password)
        }
        let part = Self.path(in: folder) + ".part"
        try? FileManager.default.removeItem(atPath: part)
        guard FileManager.default.createFile(atPath: part, contents: Data(bytes), attributes: [.posixPermissions: 0o600]) else {
            throw CocoaError(.fileWriteUnknown)
        }
        try? FileManager.default.removeItem(atPath: Self.path(in: folder))
        try FileManager.default.moveItem(atPath: part, toPath: Self.path(in: folder))
    }

    static func remove(folder: String) { try? FileManager.default.removeItem(atPath: path(in: folder)) }
}

/// A process, and when it began: pids are used again.
struct ProcessIdentity: Equatable {
    var id: Int32
    /// Clock ticks since the machine's start, as `/proc` says it.
    var started: String

    init(id: Int32, started: String) {
        self.id = id
        self.started = started
    }

    /// Nil if no such process lives. A zombie lives no more.
    init?(living id: Int32) {
        guard let stat = FileManager.default.contents(atPath: "/proc/\(id)/stat") else { return nil }
        // The name in parentheses may hold anything; the fields begin behind the last one: state is the 3rd, the start time the 22nd.
        let fields = String(decoding: stat, as: UTF8.self).split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 19, fields[0] != "Z", fields[0] != "X" else { return nil }
        self.init(id: id, started: String(fields[19]))
    }

    var isAlive: Bool { ProcessIdentity(living: id) == self }
}
