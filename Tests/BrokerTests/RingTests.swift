import RelayProtocol
import Testing
import Wire

@testable import Broker

struct RingTests {
    static let epoch = Epoch(start: 1, random: 5)

    private func position(_ offset: UInt64) -> Position { Position(epoch: Self.epoch, offset: offset) }

    private func line(_ offset: UInt64, padding: Int = 0) -> [UInt8] {
        var bytes: [UInt8] = []
        let payload = Array("\"\(String(repeating: "x", count: padding))\"".utf8)
        EventLine.append(Event(.plain, payload: payload), at: position(offset), timestamp: 1, to: &bytes)
        return bytes
    }

    private func ring(_ encoding: LineEncoding = .webSocket, lines: ClosedRange<UInt64>) -> Ring {
        var ring = Ring(encoding: encoding, at: position(0), limits: Ring.Limits(first: 1024, largest: 4096))
        ring.grow()
        for offset in lines {
            let line = line(offset)
            if !ring.hasRoom(for: encoding.frameBytes(ofLine: line.count)) { ring.turnOver() }
            ring.append(line.span, at: position(offset))
        }
        return ring
    }

    private func bytes(_ ring: Ring, from start: UInt64) -> [UInt8] {
        ring.withBytes(from: start, to: ring.head) { [UInt8](copying: $0) + [UInt8](copying: $1) }
    }

    @Test(arguments: LineEncoding.allCases) func `says how long a frame is before it makes it`(encoding: LineEncoding) {
        for padding in [0, 60, 61, 62, 63, 64, 65, 66, 125, 200, 65_400, 65_470, 65_480, 70_000] {
            var frame: [UInt8] = []
            let line = line(9, padding: padding)
            encoding.append(line: line.span, id: position(9), to: &frame)
            #expect(frame.count == encoding.frameBytes(ofLine: line.count))
        }
    }

    @Test(arguments: LineEncoding.allCases) func `holds the newest frames, in order, over both halves`(encoding: LineEncoding) throws {
        let ring = ring(encoding, lines: 1...40)
        let kept = ring.before.offset
        #expect(kept > 0 && kept < 40)
        #expect(ring.last == position(40))
        var expected: [UInt8] = []
        for offset in kept + 1...40 { encoding.append(line: line(offset).span, id: position(offset), to: &expected) }
        #expect(bytes(ring, from: ring.tail) == expected)
    }

    @Test func `knows who stands in it, who is behind it and who is ahead`() {
        let ring = ring(lines: 1...40)
        #expect(ring.place(after: position(40)) == .at(ring.head))
        #expect(ring.place(after: ring.before) == .at(ring.tail))
        #expect(ring.place(after: position(ring.before.offset - 1)) == .behind)
        #expect(ring.place(after: position(41)) == .ahead)
        let foreign = Position(epoch: Epoch(start: 1, random: 6), offset: 39)
        #expect(ring.place(after: foreign) == .ahead)
    }

    @Test func `finds the cursor behind a position that has a hole`() {
        var ring = Ring(encoding: .webSocket, at: position(0), limits: Ring.Limits(first: 4096, largest: 4096))
        ring.grow()
        for offset in [3, 7, 8] as [UInt64] { ring.append(line(offset).span, at: position(offset)) }
        let second = ring.place(after: position(3))
        #expect(ring.place(after: position(5)) == second)
        #expect(second != .at(ring.tail) && second != .at(ring.head))
    }

    @Test func `tells of each cursor which lines are wholly before it and how much of the next`() {
        let ring = ring(lines: 1...40)
        let frame = LineEncoding.webSocket.frameBytes(ofLine: line(1).count)
        for cursor in ring.tail...ring.head {
            let place = Int(cursor - ring.tail)
            let standing = ring.standing(at: cursor)
            #expect(standing.after == position(ring.before.offset + UInt64(place / frame)))
            #expect(standing.torn == place % frame)
            #expect((ring.frameEnd(inside: cursor) == nil) == (place % frame == 0))
        }
    }

    @Test func `keeps all cursors good when it doubles`() {
        var ring = ring(lines: 1...40)
        let (tail, head) = (ring.tail, ring.head)
        let before = bytes(ring, from: tail)
        ring.grow()
        #expect((ring.tail, ring.head) == (tail, head))
        #expect(bytes(ring, from: tail) == before)
        ring.append(line(41).span, at: position(41))
        #expect(ring.place(after: position(40)) == .at(head))
    }

    @Test func `released holds nothing and goes on where it was`() {
        var ring = ring(lines: 1...40)
        let head = ring.head
        #expect(ring.release() == 1024)
        #expect(ring.place(after: position(40)) == .at(head))
        #expect(ring.place(after: position(39)) == .behind)
        ring.grow()
        ring.append(line(41).span, at: position(41))
        #expect(ring.place(after: position(40)) == .at(head))
    }
}
