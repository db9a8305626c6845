// How many frames of a stream wait for its reader: those that the kernel has not taken.

struct ScriptedBacklog {
    /// Where each of them ends, in all that was said.
    private var ends: [Int] = []
    private var said = 0

    /// - Parameter unsent: bytes that the kernel has not taken.
    mutating func count(unsent: Int) -> Int {
        ends.removeFirst(ends.firstIndex { $0 > said - unsent } ?? ends.count)
        return ends.count
    }

    /// - Parameter chunk: the bytes in which these frames were said; behind the frames stand two more.
    mutating func add(_ frames: ArraySlice<UInt8>, chunk: Int) {
        said += chunk
        var at = frames.startIndex
        while at < frames.endIndex {
            at = Self.end(ofFrames: 1, in: frames[at...])
            ends.append(said - 2 - (frames.endIndex - at))
        }
    }

    /// Where so many frames are over, or all that there are.
    static func end(ofFrames count: Int, in frames: ArraySlice<UInt8>) -> Int {
        var left = count
        var at = frames.startIndex
        while let found = frames[at...].firstIndex(of: 10) {
            at = found + 1
            guard at < frames.endIndex, frames[at] == 10 else { continue }
            at += 1
            left -= 1
            if left == 0 { return at }
        }
        return frames.endIndex
    }
}
