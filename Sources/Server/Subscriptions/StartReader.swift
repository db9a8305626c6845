// Judging a subscribe and reading pages, on a reader's thread, each in one read transaction.

import Broker
import EventLog
import RelayProtocol
import Sessions

enum StartReader {
    static let pageBytes = 256 << 10
    static let pageEvents = 2000

    /// What a subscribe begins with: the table of the protocol's section 5, with the log's own judgement.
    static func start(_ request: JudgeRequest, in snapshot: LogSnapshot) throws -> Start {
        let state = try snapshot.topic(request.topic)
        let isSession = request.topic.kind == .session
        if isSession, state == nil { throw Problem(.unknownSession) }
        let floor = try state.map { try snapshot.start($0) } ?? .origin
        let head = state?.head ?? .origin
        let plan = StartPlan(try verdict(request, in: snapshot), isSession: isSession)
        var lines: [Start.Line] = []
        if !request.isInBand {
            lines.append(Start.Line(ControlLine.hello(topic: request.topic, start: plan.start, reason: plan.reason, first: floor, head: head)))
        }
        var begin = head
        for step in plan.steps {
            switch step {
            case .gap(let reason):
                lines.append(Start.Line(ControlLine.gap(from: request.point.given, to: isSession ? head : floor, reason: reason)))
            case .snapshot:
                guard let line = try SessionReads.snapshotLine(request.topic.text, in: snapshot) else { throw Problem(.unknownSession) }
                lines.append(Start.Line(line.line, id: line.position))
                begin = line.position
            case .events(let after): begin = after
            }
        }
        return Start(lines: lines, begin: begin, removedThrough: state?.removedThrough ?? 0, lineage: state?.number)
    }

    private static func verdict(_ request: JudgeRequest, in snapshot: LogSnapshot) throws -> ResumeVerdict {
        switch (request.point, try snapshot.resume(request.topic, after: request.point.resumePoint)) {
        case (.none, .exact(let head)): .none(head: head)
        case (.earliest, .exact(let position)): .earliest(position)
        case (_, .exact(let position)): .valid(position)
        case (_, .removed(let floor)): .removed(floor: floor)
        case (_, .invalid(let reason, let floor)): .invalid(reason, floor: floor)
        }
    }

    static func page(_ request: PageRequest, in snapshot: LogSnapshot) throws -> Page {
        let state = try snapshot.topic(request.topic)
        let lines = try snapshot.page(request.topic, after: request.after, maxBytes: pageBytes, maxEvents: pageEvents)
        return Page(
            lines: lines.bytes, ends: lines.ends.map { Int($0) }, through: lines.last, removedThrough: state?.removedThrough ?? 0,
            lineage: state?.number, in: request.encoding, firstAlone: request.firstAlone)
    }
}

extension JudgeRequest.Point {
    init(_ point: ResumePoint) {
        switch point {
        case .none: self = .none
        case .earliest: self = .earliest
        case .text(let text): self = .text(text)
        }
    }

    var resumePoint: ResumePoint {
        switch self {
        case .none: .none
        case .earliest: .earliest
        case .text(let text): .text(text)
        }
    }

    /// As the client wrote it.
    var given: String? {
        if case .text(let text) = self { String(decoding: text, as: UTF8.self) } else { nil }
    }
}

extension Result where Failure == Problem {
    /// A read's result, its failure as what a client is told.
    init(reading result: Result<Success, any Error>) { self = result.mapError { $0 as? Problem ?? Problem(.internal) } }
}
