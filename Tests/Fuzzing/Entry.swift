// What libFuzzer calls. One program holds all targets; REPRISE_FUZZ names the one that runs. With REPRISE_FUZZ_SEEDS it writes that target's
// seeds into a folder and ends. A target finds something by trapping: by itself, or through `check`.

import CFuzzer
import Foundation

@_cdecl("LLVMFuzzerInitialize")
public func initialize(_ count: UnsafeMutablePointer<Int32>?, _ words: UnsafeMutableRawPointer?) -> Int32 {
    guard let folder = ProcessInfo.processInfo.environment["REPRISE_FUZZ_SEEDS"] else { return 0 }
    do {
        try SeedFolder(path: folder).write(chosenTarget.seeds())
        exit(0)
    } catch {
        fatalError("the seeds of \(chosenTarget.name) cannot be written: \(error)")
    }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
    // SAFETY: libFuzzer's buffer of `size` bytes, copied within the call.
    chosenTarget.run(unsafe [UInt8](UnsafeBufferPointer(start: data, count: size)))
    return 0
}

@_cdecl("LLVMFuzzerCustomMutator")
public func mutate(_ data: UnsafeMutablePointer<UInt8>?, _ size: Int, _ maxSize: Int, _ seed: UInt32) -> Int {
    // SAFETY: libFuzzer's buffer has room for `maxSize` bytes, of which `size` are filled; it is ours within the call.
    let buffer = unsafe UnsafeMutableBufferPointer(start: data, count: maxSize)
    var mutator = JSONMutator(random: SplitMix(seed: UInt64(seed)))
    let input = unsafe [UInt8](buffer.prefix(size))
    guard chosenTarget.isLines, let mutated = mutator.mutated(input), mutated.count <= maxSize else {
        return unsafe LLVMFuzzerMutate(data, size, maxSize)
    }
    _ = unsafe buffer.update(fromContentsOf: mutated)
    return mutated.count
}

private let targets = [
    HTTPTarget.target, StreamTarget.target, JSONTarget.target, FoldTarget.target, OpenCode1Target.target, OpenCode2Target.target,
    IngestTarget.target, RecordsTarget.target,
]

private let chosenTarget = choose(ProcessInfo.processInfo.environment["REPRISE_FUZZ"] ?? "")

private func choose(_ name: String) -> FuzzTarget {
    guard let target = targets.first(where: { $0.name == name }) else {
        fatalError("REPRISE_FUZZ is one of \(targets.map(\.name).joined(separator: ", "))")
    }
    return target
}
