// One command on its way upstream: a pure machine around the adapter's exchange. The rule: what must survive a crash is committed before
// the request that depends on it goes out, and after an answer that did not come the exchange begins anew as settling (look, then act).
// Of a command that is withdrawn nothing more goes out that changes anything: it is only looked for.

import OpenCode
import RelayProtocol
import Wire

/// What one command's row becomes.
struct CommandChange: Sendable, Equatable {
    var state: CommandState
    var checkpoint: [UInt8]?
    var result: [UInt8]?
    /// What it was for was over.
    var isLapsed = false
}

extension CommandChange {
    var isFailure: Bool { state == .refused || state == .uncertain }

    /// A stop that has come to nothing takes back what was said when it was accepted; `status` is the session's. What runs is busy.
    func statusAfterStop(_ status: String?) -> Event? {
        (isFailure || isLapsed) && status == SessionStatus.stopping.name ? .status(.busy) : nil
    }
}

struct CommandRun {
    enum Input {
        /// Begin, or go on: the time that was asked for is over, or upstream is back.
        case proceed
        /// The same, of a stop: which result ends it.
        case attempt(Attempt)
        /// What the command was for is over: nothing is left to do.
        case lapsed(result: [UInt8])
        /// A stop came behind it.
        case withdrawn
        case committed
        /// The log could not be written; the same change is tried again later.
        case commitFailed
        case answers([UpstreamAnswer])
    }

    enum Action {
        case send([UpstreamRequest])
        case wait(Duration)
        case commit(CommandChange)
        case finished
        /// Something else is under way, or waited for.
        case nothing
    }

    /// What ends a stop: any result, one that says that something was stopped, or none yet.
    enum Attempt: Sendable, Equatable { case final, untilStopped, untilSettled }

    /// Makes the adapter's exchange; nil while no upstream is known.
    typealias MakeExchange = (_ checkpoint: [UInt8]?, _ settling: Bool) -> (any UpstreamExchange<CommandResult>)?

    private(set) var state: CommandState
    /// The command waits for upstream to come back: `proceed` may be said early.
    private(set) var isWaitingForUpstream = false
    /// Of a reply: whether the word by which the stream closed its card is this reply's; nil as long as none was heard. To be set before an
    /// input is given.
    var isWordOurs: Bool?
    private var checkpoint: [UInt8]?
    private var result: [UInt8]?
    private var isSettling: Bool
    private var exchange: (any UpstreamExchange<CommandResult>)?
    /// Goes out when `sent` is committed.
    private var held: [UpstreamRequest]?
    private var hasUnsavedChange = false
    /// Answers or a commit are waited for.
    private var isUnderWay = false
    /// The requests that are under way change something …
    private var isActing = false
    /// … and such a one may have been carried out without an answer that says so.
    private var mayHaveHappened: Bool
    /// Since when a reply knows that its card is closed, and not by whom.
    private var closedSince: Int64?
    private var isWithdrawn = false
    private var isLapsed = false
    private var attempt = Attempt.final
    /// Of a stop that goes on.
    private var earlierResult: [UInt8]?
    /// Tries in a row that came to nothing: the next one waits longer.
    private var failures = 0
    /// Answers that the adapter could not use, since upstream was last away.
    private var unusable = 0
    private let began: Int64

    init(state: CommandState, checkpoint: [UInt8]?, isSettling: Bool, now: Int64) {
        self.state = state
        self.checkpoint = checkpoint
        self.isSettling = isSettling
        mayHaveHappened = state == .sent
        began = now
    }

    mutating func receive(
        _ input: Input, now: Int64, random: inout some RandomNumberGenerator, make: MakeExchange
    ) -> Action {
        switch input {
        case .proceed, .attempt, .lapsed:
            guard !isUnderWay else { return .nothing }
            return begin(input, now, &random, make)
        case .withdrawn:
            return withdraw()
        case .answers(let answers):
            isUnderWay = false
            return advance(answers, now, &random, make)
        case .commitFailed:
            isUnderWay = false
            hasUnsavedChange = true
            failures += 1
            return isWithdrawn && isUntouched && !state.isFinal ? refuseWithdrawn() : .wait(retryDelay(&random))
        case .committed:
            isUnderWay = false
            if hasUnsavedChange { (hasUnsavedChange, failures) = (false, 0) }
            if state.isFinal { return .finished }
            if isWithdrawn, isUntouched { return refuseWithdrawn() }
            guard let requests = held else { return advance([], now, &random, make) }
            held = nil
            return send(requests)
        }
    }

    private mutating func begin(
        _ input: Input, _ now: Int64, _ random: inout some RandomNumberGenerator, _ make: MakeExchange
    ) -> Action {
        isWaitingForUpstream = false
        if hasUnsavedChange { return save() }
        if case .lapsed(let result) = input {
            isLapsed = true
            return finish(.done, earlierResult ?? result)
        }
        if closedSince != nil { return judgeClosed(now) }
        if case .attempt(let attempt) = input { self.attempt = attempt }
        return advance([], now, &random, make)
    }

    /// The next `proceed` begins the exchange (again).
    var isBetweenTries: Bool { exchange == nil && !hasUnsavedChange && !isUnderWay }

    /// Nothing that changes anything has gone out.
    private var isUntouched: Bool { state == .accepted || held != nil }

    private mutating func withdraw() -> Action {
        isWithdrawn = true
        // What is under way comes to its end first; of what may have arrived it is found out whether it has.
        guard !isUnderWay, !state.isFinal, isUntouched else { return .nothing }
        return refuseWithdrawn()
    }

    private mutating func refuseWithdrawn() -> Action {
        held = nil
        return finish(.refused, Self.reason(.stopped, "a stop came before anything of it had gone to OpenCode"))
    }

    private mutating func save() -> Action {
        isUnderWay = true
        return .commit(CommandChange(state: state, checkpoint: checkpoint, result: result, isLapsed: isLapsed))
    }

    private mutating func send(_ requests: [UpstreamRequest]) -> Action {
        isUnderWay = true
        isActing = requests.contains { $0.method != "GET" }
        return .send(requests)
    }

    private mutating func advance(
        _ answers: [UpstreamAnswer], _ now: Int64, _ random: inout some RandomNumberGenerator, _ make: MakeExchange
    ) -> Action {
        guard var current = exchange ?? make(checkpoint, isSettling) else { return failed(.unreachable, now, &random) }
        let step = current.next(answers)
        exchange = current
        switch step {
        case .send(let requests):
            guard requests.contains(where: { $0.method != "GET" }) else { return send(requests) }
            if isWithdrawn { return isUntouched ? refuseWithdrawn() : leaveWithdrawn() }
            guard state == .accepted else { return send(requests) }
            held = requests
            state = .sent
            return save()
        case .wait(let time):
            return .wait(time)
        case .checkpoint(let bytes):
            checkpoint = bytes
            return save()
        case .done(.done(let result)):
            return succeeded(result)
        case .done(.refused(let code, let detail)):
            return finish(.refused, Self.reason(code, detail))
        case .done(.uncertain(let detail)):
            return finish(.uncertain, Self.reason(.uncertain, detail))
        case .done(.notAsked):
            return mayHaveHappened ? judgeClosed(now) : finish(.refused, Self.alreadyAnswered)
        case .failed(let failure):
            mayHaveHappened = mayHaveHappened || isActing && failure != .unauthorized && answers.contains(where: \.mayHaveArrived)
            return failed(failure, now, &random)
        }
    }

    /// A reply whose answer was lost finds its card closed: it may have closed it. The stream tells by what, perhaps a little later.
    private mutating func judgeClosed(_ now: Int64) -> Action {
        exchange = nil
        if let isWordOurs { return isWordOurs ? finish(.done, Array("{}".utf8)) : finish(.refused, Self.alreadyAnswered) }
        let since = closedSince ?? now
        closedSince = since
        guard now - since >= CommandLimits.wordMilliseconds else { return .wait(CommandLimits.wordPause) }
        return finish(.uncertain, Self.reason(.uncertain, "it is not asked any more: answered, perhaps by this very reply, or withdrawn"))
    }

    /// A stop that has hit nothing may have come too early.
    private mutating func succeeded(_ result: [UInt8]) -> Action {
        let hasStopped = attempt != .final && (try? JSON.parse(result))?["stopped"]?.bool == true
        guard attempt == .untilSettled || attempt == .untilStopped && !hasStopped else { return finish(.done, result) }
        if hasStopped || earlierResult == nil { earlierResult = result }
        exchange = nil
        return .wait(CommandLimits.stopPause)
    }

    /// It was sent, is not seen upstream, and must not be sent again: it could still arrive, or be taken up.
    private mutating func leaveWithdrawn() -> Action {
        finish(.uncertain, Self.reason(.uncertain, "a stop came before it was seen to be taken up, and it was not sent again"))
    }

    private mutating func failed(_ failure: UpstreamFailure, _ now: Int64, _ random: inout some RandomNumberGenerator) -> Action {
        exchange = nil
        if isWithdrawn, isUntouched { return refuseWithdrawn() }
        isSettling = isSettling || state == .sent
        failures += 1
        guard isHopeless(failure, now) else {
            isWaitingForUpstream = true
            return .wait(retryDelay(&random))
        }
        let reason = Self.reason(for: failure)
        return finish(state == .sent ? .uncertain : .refused, reason)
    }

    /// A server that is away, or has just come back, is waited for; one that says three times what nobody understands is believed.
    private mutating func isHopeless(_ failure: UpstreamFailure, _ now: Int64) -> Bool {
        switch failure {
        case .unreachable, .late:
            unusable = 0
            return now - began > CommandLimits.patienceMilliseconds
        case .unauthorized, .unexpected:
            unusable += 1
            return unusable >= CommandLimits.tries
        }
    }

    private mutating func finish(_ state: CommandState, _ result: [UInt8]) -> Action {
        self.state = state
        self.result = result
        exchange = nil
        return save()
    }

    /// Doubles from a quarter of a second to half a minute, anywhere between nothing and that (full jitter).
    private func retryDelay(_ random: inout some RandomNumberGenerator) -> Duration {
        let ceiling = min(CommandLimits.longestRetryMilliseconds, 250 << min(failures, 10))
        return .milliseconds(Int64.random(in: 20...max(20, ceiling), using: &random))
    }

    private static let alreadyAnswered = reason(.alreadyAnswered, CommandResult.nothingWaits)

    private static func reason(for failure: UpstreamFailure) -> [UInt8] {
        switch failure {
        case .unreachable, .late: reason(.upstreamUnavailable, "OpenCode could not be reached")
        case .unauthorized: reason(.upstreamUnavailable, "OpenCode does not take our password")
        case .unexpected(let status, let detail): reason(.upstreamRefused, "OpenCode answered \(status): \(detail)")
        }
    }

    private static func reason(_ code: ProblemCode, _ detail: String) -> [UInt8] { reason(code.rawValue, detail) }

    private static func reason(_ code: String, _ detail: String) -> [UInt8] {
        JSONWriter.object { writer in
            writer.member("code", code)
            writer.member("detail", detail)
        }
    }
}

extension UpstreamAnswer {
    /// What was asked may have been done.
    fileprivate var mayHaveArrived: Bool {
        if case .unreachable(mayHaveArrived: false) = self { false } else { true }
    }
}
