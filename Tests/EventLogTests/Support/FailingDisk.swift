import Foundation

/// A file system that can be made to fail under open files: ext4 on a loop device, which goes read-only at an error. For root, where there is
/// a loop device.
final class FailingDisk {
    struct Impossible: Error {}

    static let isPossible = (try? FailingDisk()) != nil

    let folder: TemporaryFolder
    private let image: TemporaryFolder
    private var imagePath: String { image.path + "/image" }

    init() throws {
        (folder, image) = (try TemporaryFolder(), try TemporaryFolder())
        try Data(count: 16 << 20).write(to: URL(fileURLWithPath: imagePath))
        try Self.run("mkfs.ext4", "-q", imagePath)
        try mount()
    }

    deinit { try? unmount() }

    func mount() throws { try Self.run("mount", "-o", "loop,errors=remount-ro", imagePath, folder.path) }
    func unmount() throws { try Self.run("umount", folder.path) }

    /// What the kernel does when it meets a damaged block.
    func fail() throws {
        let mounts = try String(contentsOfFile: "/proc/mounts", encoding: .utf8).split(separator: "\n").map { $0.split(separator: " ") }
        guard let device = mounts.first(where: { $0.count > 1 && $0[1] == folder.path })?.first?.split(separator: "/").last,
            let trigger = FileHandle(forWritingAtPath: "/sys/fs/ext4/\(device)/trigger_fs_error")
        else { throw Impossible() }
        try trigger.write(contentsOf: Data("1".utf8))
        try trigger.close()
    }

    private static func run(_ command: String...) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Impossible() }
    }
}
