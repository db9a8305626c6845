// What the load generator's loop is told, and what it says when it has done it.

enum LoadCommand: Sendable {
    /// Opens so many subscriptions of the topic.
    case subscribe(LoadTarget, count: Int)
    /// Publishes these events; done when every subscriber has every one of them.
    case publish(Publication)
    /// Closes all that is open.
    case close
}

enum LoadReport: Sendable {
    case done
    case failed(String)
}

struct Publication: Sendable {
    enum Pace: Sendable {
        /// The next event when every subscriber has the last one.
        case oneByOne
        /// So many in a request, the next request when the last one was answered, whoever has them by then.
        case stream(batch: Int)
    }

    /// The numbers of the events, from 1.
    let events: ClosedRange<Int>
    let eventBytes: Int
    let pace: Pace

    /// A JSON object of `eventBytes` bytes (or a few more, if its number needs them) that says its number.
    func event(_ number: Int) -> [UInt8] {
        var bytes = Array("{\"n\":\(number),\"text\":\"".utf8)
        bytes.append(contentsOf: repeatElement(UInt8(ascii: "x"), count: max(0, eventBytes - bytes.count - 2)))
        bytes.append(contentsOf: "\"}".utf8)
        return bytes
    }
}
