// What both kinds of open streams do with their connection.

import Broker
import Reactor

extension Connection: ByteSink {
    public func offer(_ first: Span<UInt8>, _ second: Span<UInt8>) -> Int? {
        switch send(first, second) {
        case .sent(let count): count
        case .wouldBlock: 0
        case .closed: nil
        }
    }
}

extension Connection {
    /// An answer instead of a stream.
    func answerAndClose(_ answer: HTTPAnswer) {
        handler = nil
        var output: [UInt8] = []
        answer.encoded(isHead: false, keepAlive: false, into: &output)
        write(output)
        closeAfterFlush()
    }
}
