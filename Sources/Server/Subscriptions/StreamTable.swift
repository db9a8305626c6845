// The streams of a loop by number. A number is a slot and a serial, so that what comes late for a stream that is gone finds nothing. Heartbeats
// go round in slices, so that no turn has all streams to serve.

struct StreamTable {
    private var slots: [(any OpenStream)?] = []
    private var free: [UInt32] = []
    private var serial: UInt64 = 0
    private(set) var slices = HeartbeatSlices()

    var count: Int { slots.count - free.count }
    var isEmpty: Bool { count == 0 }

    subscript(_ number: UInt64) -> (any OpenStream)? {
        let slot = Self.slot(number)
        guard slot < slots.count, let stream = slots[slot], stream.number == number else { return nil }
        return stream
    }

    /// Takes a slot, and has the stream made with its number.
    mutating func insert<Stream: OpenStream>(_ make: (_ number: UInt64) -> Stream) -> Stream {
        serial += 1
        let slot = free.popLast() ?? UInt32(slots.count)
        let stream = make(serial << 32 | UInt64(slot))
        if Int(slot) == slots.count { slots.append(stream) } else { slots[Int(slot)] = stream }
        slices.add(Int(slot))
        return stream
    }

    /// Whether it was there.
    mutating func remove(_ stream: any OpenStream) -> Bool {
        guard self[stream.number] != nil else { return false }
        let slot = Self.slot(stream.number)
        slots[slot] = nil
        slices.remove(slot)
        free.append(UInt32(slot))
        return true
    }

    func slice(_ place: Int) -> [any OpenStream] {
        stride(from: place % HeartbeatSlices.count, to: slots.count, by: HeartbeatSlices.count).compactMap { slots[$0] }
    }

    var all: [any OpenStream] { slots.compactMap(\.self) }

    private static func slot(_ number: UInt64) -> Int { Int(number & 0xFFFF_FFFF) }
}
