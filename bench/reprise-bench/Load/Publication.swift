// Events that are published to subscribers.

struct Publication: Sendable {
    enum Pace: Sendable {
        /// The next event when every subscriber has the last one.
        case oneByOne
        /// So many in a request, the next request when the last one was answered, whoever has them by then.
        case stream(batch: Int)
        /// So many a second, each when it is due; how long each delivery took is reported.
        case paced(perSecond: Int)
    }

    /// The numbers of the events, from 1.
    let events: ClosedRange<Int>
    let eventBytes: Int
    let pace: Pace

    /// A JSON object of so many bytes (or a few more, if its number needs them) that says its number.
    static func event(_ number: Int, bytes count: Int) -> [UInt8] {
        var bytes = Array("{\"n\":\(number),\"text\":\"".utf8)
        bytes.append(contentsOf: repeatElement(UInt8(ascii: "x"), count: max(0, count - bytes.count - 2)))
        bytes.append(contentsOf: "\"}".utf8)
        return bytes
    }

    func request(_ number: Int, to target: LoadTarget) -> [UInt8] {
        target.publishRequest(Self.event(number, bytes: eventBytes), isBatch: false)
    }

    func request(_ numbers: ClosedRange<Int>, to target: LoadTarget) -> [UInt8] {
        target.publishRequest(numbers.flatMap { Self.event($0, bytes: eventBytes) + [0x0A] }, isBatch: true)
    }
}
