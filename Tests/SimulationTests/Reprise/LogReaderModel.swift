// A thread that reads the log: it looks at one moment, and its answer arrives at another.

import Broker
import EventLog
import RelayProtocol

enum LogQuestion {
    case loop(BrokerAction, SimulatedLoopSink)
    /// Looks, and gives what to do with what it saw.
    case job(MemoryJob)
}

typealias MemoryJob = @Sendable (Disk) -> @Sendable () -> Void

struct LogReaderModel {
    enum Fault {
        /// A page that says it has more than it has is a hole at the hand-over to live.
        case shortPage
        /// A session that is there is not found.
        case sessionNotFound
    }

    var fault: Fault?
    private var answer: (() -> Void)?

    init(fault: Fault?) { self.fault = fault }

    var isAtWork: Bool { answer != nil }

    /// - Returns: the answer to a subscribe, for whoever wants to check it.
    mutating func look(_ question: LogQuestion, _ disk: Disk, pageBytes: Int) -> (JudgeRequest, Result<Start, Problem>)? {
        switch question {
        case .loop(.judge(let request), let sink):
            let start = disk.start(request)
            let isLost = fault == .sessionNotFound && request.topic.kind == .session
            let said = isLost ? .failure(Problem(.unknownSession)) : start
            answer = { sink.notices.post(.judged(request, said)) }
            return (request, start)
        case .loop(.page(let request), let sink):
            let page = disk.page(request, bytes: pageBytes, fault: fault)
            answer = { sink.notices.post(.read(request, page)) }
        case .job(let job): answer = job(disk)
        case .loop: break
        }
        return nil
    }

    mutating func tell() {
        answer?()
        answer = nil
    }
}

extension Disk {
    func page(_ request: PageRequest, bytes: Int, fault: LogReaderModel.Fault?) -> Page {
        let state = state(request.topic)
        var lines = page(request.topic, after: request.after, maxBytes: bytes, maxEvents: 2000)
        if fault == .shortPage, lines.isLast, lines.count > 1 {
            lines.bytes.removeLast(Int(lines.ends[lines.count - 1] - lines.ends[lines.count - 2]))
            lines.ends.removeLast()
        }
        return Page(
            lines: lines.bytes, ends: lines.ends.map { Int($0) }, through: lines.last, removedThrough: state?.removedThrough ?? 0,
            lineage: state?.number, in: request.encoding, firstAlone: request.firstAlone)
    }

    /// What a subscribe begins with.
    func start(_ request: JudgeRequest) -> Result<Start, Problem> {
        let (topic, state) = (request.topic, state(request.topic))
        let isSession = topic.kind == .session
        if isSession, state == nil { return .failure(Problem(.unknownSession)) }
        let (head, floor) = (head(topic), start(topic))
        let plan = StartPlan(verdict(request), isSession: isSession)
        var lines: [Start.Line] = []
        if !request.isInBand {
            let kept = page(topic, after: 0, maxBytes: 1, maxEvents: 1)
            let first = kept.count > 0 ? kept.last : Position.origin
            lines.append(Start.Line(ControlLine.hello(topic: topic, start: plan.start, reason: plan.reason, first: first, head: head)))
        }
        var begin = head
        for step in plan.steps {
            switch step {
            case .gap(let reason): lines.append(Start.Line(ControlLine.gap(from: nil, to: isSession ? head : floor, reason: reason)))
            case .snapshot: lines.append(Start.Line(ControlLine.snapshot(at: head, state: snapshot(topic, head)), id: head))
            case .events(let after): begin = after
            }
        }
        return .success(Start(lines: lines, begin: begin, removedThrough: state?.removedThrough ?? 0, lineage: state?.number))
    }

    private func snapshot(_ topic: TopicName, _ head: Position) -> [UInt8] {
        (topics[topic]?.fold ?? FoldedSession()).answer(position: head, before: nil, isImported: true)
    }

    private func verdict(_ request: JudgeRequest) -> ResumeVerdict {
        switch (request.point, resume(request.topic, after: request.point.resumePoint)) {
        case (.none, .exact(let head)): .none(head: head)
        case (.earliest, .exact(let position)): .earliest(position)
        case (_, .exact(let position)): .valid(position)
        case (_, .removed(let floor)): .removed(floor: floor)
        case (_, .invalid(let reason, let floor)): .invalid(reason, floor: floor)
        }
    }
}

extension JudgeRequest.Point {
    fileprivate var resumePoint: ResumePoint {
        switch self {
        case .none: .none
        case .earliest: .earliest
        case .text(let text): .text(text)
        }
    }
}
