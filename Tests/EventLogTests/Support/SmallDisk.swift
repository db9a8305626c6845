import Foundation
import Glibc

/// A file system of 2 MiB of its own, where the user may mount one (root may); tests are skipped where not.
final class SmallDisk {
    struct Refused: Error {}

    let folder: TemporaryFolder

    static let isAllowed = (try? SmallDisk()) != nil

    init() throws {
        folder = try TemporaryFolder()
        guard Self.mountMemory(at: folder.path, flags: 0) else { throw Refused() }
    }

    // SAFETY (both): the strings live across the calls, which copy them.
    deinit { _ = unsafe umount2(folder.path, Int32(MNT_DETACH)) }

    private static func mountMemory(at path: String, flags: UInt) -> Bool {
        let size = Array("size=2m\0".utf8)
        return unsafe mount("tmpfs", path, "tmpfs", flags, size) == 0
    }

    func makeReadOnly() -> Bool { Self.mountMemory(at: folder.path, flags: UInt(MS_REMOUNT | MS_RDONLY)) }
}
