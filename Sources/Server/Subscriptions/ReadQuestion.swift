// What a page is made of, in one read transaction: how the request is answered, lines, where to go on.

import Broker
import EventLog
import RelayProtocol

struct ReadQuestion: Sendable {
    var topic: TopicName
    var point: JudgeRequest.Point
    var limit: Int

    func answer(in snapshot: LogSnapshot) throws -> ReadPage {
        let start = try StartReader(log: snapshot).start(JudgeRequest(topic: topic, point: point))
        let page = try snapshot.page(topic, after: start.begin.offset, maxBytes: Limits.pageLineBytes, maxEvents: limit)
        var body: [UInt8] = []
        for line in start.lines { body += line.bytes }
        body += page.bytes
        body += ControlLine.end(position: page.count > 0 ? page.last : start.begin, head: try snapshot.head(topic))
        return ReadPage(start: start, count: page.count, body: body)
    }
}

struct ReadPage: Sendable {
    var start: Start
    var count: Int
    var body: [UInt8]

    /// No event, and nothing that stands for one.
    var isWithoutNews: Bool { count == 0 && start.lines.count == 1 }

    var answer: HTTPAnswer {
        HTTPAnswer(200, headers: ["Content-Type": "application/x-ndjson", "Cache-Control": "no-store"], body: body)
    }
}
