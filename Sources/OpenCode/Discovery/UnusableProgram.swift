// An `opencode` in PATH that was asked for its version and is of no use. While OpenCode is looked for again and again it is not run again: the
// file has to change first, or some minutes pass (a script can say something else tomorrow).

import Foundation
import Reactor

struct UnusableProgram {
    /// Which file it was, links followed.
    struct Stamp: Equatable {
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

    static let holds = Duration.seconds(300)

    let stamp: Stamp
    let why: String
    let since: Instant

    func isStill(_ program: String, at now: Instant) -> Bool { now - since < Self.holds && stamp == Stamp(program) }
}
