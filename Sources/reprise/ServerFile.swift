// `server.json` in the data folder: where its server listens, by which the other subcommands find it. A server that was killed leaves the file
// behind, and its port to anybody: the file counts only while the process that wrote it holds the folder's lock, else a token would be sent to
// a stranger.

import EventLog
import Foundation

struct ServerFile: Codable {
    static let name = "server.json"
    let url: String
    let pid: Int32

    /// The file of the server that runs on the folder now.
    static func ofRunning(_ folder: DataFolder) throws(Failure) -> ServerFile {
        let file = folder.read(name).flatMap { try? JSONDecoder().decode(ServerFile.self, from: Data($0.utf8)) }
        guard let file, EventLog.writer(ofFolder: folder.path) == file.pid else {
            throw Failure("no server is running on \(folder.path)", hint: "start one with: reprise serve")
        }
        return file
    }

    func isAt(_ url: String) -> Bool { self.url == (url.hasSuffix("/") ? String(url.dropLast()) : url) }

    func write(_ folder: DataFolder) throws(Failure) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        guard let data = try? encoder.encode(self) else { throw Failure("server.json cannot be encoded") }
        try folder.write(String(decoding: data, as: UTF8.self) + "\n", to: Self.name)
    }
}
