// Which file a program was, links followed: an upgrade in place makes it another.

import Foundation

struct ProgramStamp: Equatable {
    private let path: String
    private let file: UInt64
    private let bytes: UInt64
    private let changed: Date

    /// Nil for a file that is gone.
    init?(_ path: String) {
        let target = URL(filePath: path).resolvingSymlinksInPath().path
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: target),
            let file = attributes[.systemFileNumber] as? NSNumber, let bytes = attributes[.size] as? NSNumber,
            let changed = attributes[.modificationDate] as? Date
        else { return nil }
        (self.path, self.changed) = (target, changed)
        (self.file, self.bytes) = (file.uint64Value, bytes.uint64Value)
    }
}
