// Judging a subscribe and reading pages, each in one look at the log: on a reader's thread, in one read transaction.

import Broker
import EventLog
import RelayProtocol

struct StartReader<Source: StartSource> {
    let log: Source
    var heartbeat = Duration.milliseconds(Limits.heartbeatMilliseconds)
    var pageBytes = 256 << 10
    private let pageEvents = 2000
    /// A backlog of more events than this is long, for who would rather have a snapshot.
    private let longBacklog: UInt64 = 2000

    /// What a subscribe begins with: the table of the protocol's section 5, with the log's own judgement.
    func start(_ request: JudgeRequest) throws -> Start {
        let state = try log.topic(request.topic)
        let isSession = request.topic.kind == .session
        if isSession, state == nil { throw Problem(.unknownSession) }
        let head = state?.head ?? .origin
        let floor = try state.map { try log.start($0) } ?? .origin
        let plan = try plan(request, head: head, isSession: isSession)
        var lines: [Start.Line] = []
        if !request.isInBand {
            lines.append(hello(request.topic, plan, first: try state.map { try log.first($0) } ?? .origin, head: head))
        }
        var begin = head
        for step in plan.steps {
            switch step {
            case .gap(let reason):
                lines.append(Start.Line(ControlLine.gap(from: request.point.given, to: isSession ? nil : floor, reason: reason)))
            case .snapshot:
                guard let line = try log.snapshotLine(request.topic) else { throw Problem(.unknownSession) }
                lines.append(Start.Line(line.line, id: line.position))
                begin = line.position
            case .events(let after): begin = after
            }
        }
        return Start(lines: lines, begin: begin, removedThrough: state?.removedThrough ?? 0, lineage: state?.number)
    }

    private func hello(_ topic: TopicName, _ plan: StartPlan, first: Position, head: Position) -> Start.Line {
        Start.Line(
            ControlLine.hello(
                topic: topic, start: plan.start, reason: plan.reason, first: first, head: head,
                heartbeatMilliseconds: Int(heartbeat / .milliseconds(1))))
    }

    private func plan(_ request: JudgeRequest, head: Position, isSession: Bool) throws -> StartPlan {
        let verdict = try verdict(request)
        if request.takesSnapshot, isSession, case .valid(let position) = verdict, head.offset > position.offset + longBacklog {
            return .insteadOfBacklog
        }
        return StartPlan(verdict, isSession: isSession)
    }

    private func verdict(_ request: JudgeRequest) throws -> ResumeVerdict {
        switch (request.point, try log.resume(request.topic, after: request.point.resumePoint)) {
        case (.none, .exact(let head)): .none(head: head)
        case (.earliest, .exact(let position)): .earliest(position)
        case (_, .exact(let position)): .valid(position)
        case (_, .removed(let floor)): .removed(floor: floor)
        case (_, .invalid(let reason, let floor)): .invalid(reason, floor: floor)
        }
    }

    func page(_ request: PageRequest) throws -> Page {
        let state = try log.topic(request.topic)
        let lines = try log.page(request.topic, after: request.after, maxBytes: pageBytes, maxEvents: pageEvents)
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

    fileprivate var resumePoint: ResumePoint {
        switch self {
        case .none: .none
        case .earliest: .earliest
        case .text(let text): .text(text)
        }
    }

    /// As the client wrote it.
    fileprivate var given: String? {
        if case .text(let text) = self { String(decoding: text, as: UTF8.self) } else { nil }
    }
}
