// A folder for one server's data. It goes with this object.

import Foundation

final class DataFolder {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("reprise-bench-\(UUID().uuidString)")

    init() throws {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    }
    deinit { try? FileManager.default.removeItem(at: url) }

    func file(_ name: String) -> URL { url.appendingPathComponent(name) }
}
