// The log in memory, as the differential test drives it.

import EventLog
import RelayProtocol

@testable import Sessions

struct MemoryUnderTest: LogUnderTest {
    let told = LogTranscript()
    private let clock = HistoryClock()
    private var log: MemoryLog
    private let jobs = SimulatedMailbox<MemoryJob>()

    init() { log = Self.open(Disk(), clock) }

    private static func open(_ disk: Disk, _ clock: HistoryClock) -> MemoryLog {
        MemoryLog(disk, options: options, seed: 1) { clock.now }
    }

    private static var options: MemoryLog.Options {
        MemoryLog.Options(keptServerEvents: LogHistory.kept, keptLobbyEvents: LogHistory.kept, derive: Deriving.derive)
    }

    func call(_ calls: [LogCall], _ sinks: [NoticeTray]) {
        let answers = TurnAnswers()
        for call in calls {
            switch call {
            case .append(let appends): log.requests.post(.append(appends) { answers.appends.post($0) })
            case .delete(let topic): log.requests.post(.delete(topic) { answers.removals.post($0) })
            case .watch(let topic, let sink): log.requests.post(.watch(topic, sinks[sink]))
            case .unwatch(let topic, let sink): log.requests.post(.unwatch(topic, sinks[sink]))
            case .take(let request, let identifiers): take(request, identifiers, answers)
            case .change(let key, let change, let notice): self.change(key, change, notice, answers)
            }
        }
        while !log.requests.isEmpty || log.isAtWork { log.step() }
        answers.tell(told)
    }

    func give(_ room: Int, to sink: NoticeTray) { sink.setRoom(room) }

    func settle() { log.step() }

    func pass(_ milliseconds: Int64) { clock.pass(milliseconds) }

    var commands: any CommandStore { MemoryCommands(requests: log.requests, jobs: jobs) }

    func look(_ look: LogLook) {
        switch look {
        case .state(let topic): told.say(log.disk.state(topic))
        case .page(let topic, let after, let bytes, let events):
            told.say(log.disk.page(topic, after: after, maxBytes: bytes, maxEvents: events))
        case .resume(let topic, let number, let shift): told.say(log.disk.resume(topic, after: told.point(number: number, shift: shift)))
        case .resumeText(let topic, let point): told.say(log.disk.resume(topic, after: point))
        case .command(let key): told.say("\(ask { commands.find(key, $0) })")
        case .undecided: told.say("\(ask { commands.undecided($0) })")
        case .target(let stop): told.say("\(ask { commands.target(of: stop, $0) })")
        }
    }

    private func ask<T: Sendable>(_ question: (@escaping @Sendable (T) -> Void) -> Void) -> [T] {
        let answers = SimulatedMailbox<T>()
        question { answers.post($0) }
        while let job = jobs.takeFirst() { job(log.disk, clock.now)() }
        return answers.takeAll()
    }

    mutating func reopen() { log = Self.open(log.disk, clock) }
}
