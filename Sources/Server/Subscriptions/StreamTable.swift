// The streams of a loop, in slices: heartbeats go round slice by slice, so that no turn has all of them to serve.

struct StreamTable {
    static let slices: UInt64 = 16

    private var streams = [[UInt64: any OpenStream]](repeating: [:], count: Int(slices))
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    subscript(_ number: UInt64) -> (any OpenStream)? { streams[Int(number % Self.slices)][number] }

    mutating func insert(_ stream: any OpenStream) {
        streams[Int(stream.number % Self.slices)][stream.number] = stream
        count += 1
    }

    /// Whether it was there.
    mutating func remove(_ stream: any OpenStream) -> Bool {
        guard streams[Int(stream.number % Self.slices)].removeValue(forKey: stream.number) != nil else { return false }
        count -= 1
        return true
    }

    func slice(_ place: UInt64) -> [any OpenStream] { Array(streams[Int(place % Self.slices)].values) }

    var all: [any OpenStream] { streams.flatMap(\.values) }
}
