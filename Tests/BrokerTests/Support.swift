// A log in memory, readers with sockets of any slowness, and what they must have seen.

import RelayProtocol
import Wire

@testable import Broker

struct SplitMix: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// One topic, as the log has it at a moment. A value: a reader's transaction is a copy.
struct MemoryLog {
    var lineage: Int64 = 1
    var exists = true
    var epoch = Epoch(start: 1, random: 1)
    var lines: [(position: Position, bytes: [UInt8])] = []
    var removedThrough: UInt64 = 0
    private var nextOffset: UInt64 = 1

    var head: Position { lines.last?.position ?? (nextOffset > 1 ? Position(epoch: epoch, offset: nextOffset - 1) : .origin) }
    var floor: Position { removedThrough == 0 ? .origin : Position(epoch: epoch, offset: removedThrough) }

    mutating func append(sizes: [Int]) -> LineBatch {
        let previous = head
        var batch = LineBatch(previous: previous, last: previous, epoch: epoch, bytes: [], ends: [], offsets: [])
        exists = true
        for size in sizes {
            let position = Position(epoch: epoch, offset: nextOffset)
            nextOffset += 1
            var line: [UInt8] = []
            let payload = Array("\"\(lineage)/\(position.offset) \(String(repeating: "x", count: size))\"".utf8)
            EventLine.append(Event(.plain, payload: payload), at: position, timestamp: 1, to: &line)
            lines.append((position, line))
            batch.bytes += line
            batch.ends.append(Int32(batch.bytes.count))
            batch.offsets.append(position.offset)
            batch.last = position
        }
        return batch
    }

    mutating func trim(to count: Int) {
        guard lines.count > count else { return }
        removedThrough = lines[lines.count - count - 1].position.offset
        lines.removeFirst(lines.count - count)
    }

    mutating func remake() {
        self = MemoryLog(next: self)
    }

    init() {}

    private init(next old: MemoryLog) {
        lineage = old.lineage + 1
        exists = false
        epoch = Epoch(start: 1, random: old.epoch.random + 1)
    }

    func page(_ request: PageRequest, bytes limit: Int) -> Page {
        var bytes: [UInt8] = []
        var ends: [Int] = []
        var last = head
        for line in lines where line.position.offset > request.after {
            if !ends.isEmpty, bytes.count + line.bytes.count > limit {
                break
            }
            bytes += line.bytes
            ends.append(bytes.count)
            last = line.position
        }
        return Page(
            lines: bytes, ends: ends, through: last, removedThrough: removedThrough, lineage: exists ? lineage : nil, in: request.encoding,
            firstAlone: request.firstAlone)
    }

    func verdict(_ point: JudgeRequest.Point) -> ResumeVerdict {
        switch point {
        case .none: return .none(head: head)
        case .earliest: return .earliest(floor)
        case .text(let text):
            guard let position = Position(text) else { return .invalid(.malformed, floor: floor) }
            if position == .origin { return removedThrough == 0 ? .valid(position) : .removed(floor: floor) }
            guard exists, position.epoch == epoch else { return .invalid(.epoch, floor: floor) }
            guard position.offset <= head.offset else { return .invalid(.pastEnd, floor: floor) }
            return position.offset < removedThrough ? .removed(floor: floor) : .valid(position)
        }
    }

    /// As a server judges it: `isSession` gives a snapshot where the table has one.
    func start(_ request: JudgeRequest, isSession: Bool) -> Start {
        let plan = StartPlan(verdict(request.point), isSession: isSession)
        var lines: [Start.Line] = []
        if !request.isInBand {
            lines.append(
                Start.Line(ControlLine.hello(topic: request.topic, start: plan.start, reason: plan.reason, first: floor, head: head)))
        }
        var begin = head
        for step in plan.steps {
            switch step {
            case .gap(let reason): lines.append(Start.Line(ControlLine.gap(from: nil, to: isSession ? nil : floor, reason: reason)))
            case .snapshot: lines.append(Start.Line(ControlLine.snapshot(at: head, state: Array("{}".utf8)), id: head))
            case .events(let after): begin = after
            }
        }
        return Start(lines: lines, begin: begin, removedThrough: removedThrough, lineage: exists ? lineage : nil)
    }
}

/// A socket with a window: it takes what it is told to take, and decodes it as a client does.
final class TestOutlet: Outlet, ByteSink {
    var windowBytes = 0
    private(set) var lines: [[UInt8]] = []
    private(set) var hasStarted = false
    private(set) var failure: Problem?
    private(set) var hasFinished = false
    private(set) var controlFrames = 0
    private(set) var messages = 0
    private(set) var takenBytes = 0
    /// The decoder found something illegal.
    private(set) var fault: String?
    private var webSocket = WebSocketDecoder(role: .client)
    private var stream = SSEDecoder(frameBytes: 1 << 20)
    let encoding: LineEncoding

    init(_ encoding: LineEncoding) { self.encoding = encoding }

    func offer(_ first: Span<UInt8>, _ second: Span<UInt8>) -> Int? {
        let all = [UInt8](copying: first) + [UInt8](copying: second)
        let taken = min(windowBytes, all.count)
        windowBytes -= taken
        takenBytes += taken
        if !hasStarted { fault = "bytes before the start" }
        if hasFinished { fault = "bytes after the end" }
        receive(Array(all[..<taken]))
        return taken
    }

    /// Part of a frame has come.
    var isInsideFrame: Bool {
        switch encoding {
        case .webSocket:
            var decoder = webSocket
            decoder.receive([0x89, 0])
            return decoder.next() != .ping([])
        case .sse:
            var decoder = stream
            decoder.receive(Array("data: x\n\n".utf8))
            return decoder.next() != .frame(SSEFrame(data: Array("x".utf8)))
        }
    }

    func subscriberStarts() { hasStarted = true }
    func subscriberFails(_ problem: Problem) { failure = problem }
    func subscriberFinishes() { hasFinished = true }

    private func receive(_ bytes: [UInt8]) {
        switch encoding {
        case .webSocket:
            webSocket.receive(bytes)
            while true {
                switch webSocket.next() {
                case .needMore: return
                case .text(let text): take(text)
                case .ping, .pong, .close: controlFrames += 1
                case .binary: fault = "a binary message"
                case .fail(_, let reason):
                    fault = reason
                    return
                }
            }
        case .sse:
            stream.receive(bytes)
            while let frame = nextFrame() {
                messages += 1
                lines.append(frame.data + [0x0A])
                if let position = EventLine.position(of: lines[lines.count - 1][...]), frame.id != Array(position.description.utf8) {
                    fault = "an event without its id"
                }
            }
        }
    }

    private func take(_ text: [UInt8]) {
        messages += 1
        if text.last != 0x0A { fault = "a message that does not end in LF" }
        lines += text.split(separator: 0x0A).map { Array($0) + [0x0A] }
    }

    private func nextFrame() -> SSEFrame? {
        if case .frame(let frame) = stream.next() { frame } else { nil }
    }
}
