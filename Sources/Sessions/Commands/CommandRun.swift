// One command on its way upstream: a pure machine around the adapter's exchange. The rule: what must survive a crash is committed before
// the request that depends on it goes out, and after an answer that did not come the exchange begins anew as settling (look, then act).

import OpenCode
import RelayProtocol
import Wire

/// What one command's row becomes.
struct CommandChange: Sendable, Equatable {
    var state: CommandState
    var checkpoint: [UInt8]?
    var result: [UInt8]?
}

struct CommandRun {
    enum Input {
        /// Begin, or go on: the time that was asked for is over, or upstream is back.
        case proceed
        /// What the command was for is over: nothing is left to do.
        case lapsed(result: [UInt8])
        /// It was stopped before anything of it went out.
        case cancelled
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
    }

    /// Makes the adapter's exchange; nil while no upstream is known.
    typealias MakeExchange = (_ checkpoint: [UInt8]?, _ settling: Bool) -> (any UpstreamExchange<CommandResult>)?

    private(set) var state: CommandState
    /// The command waits for upstream to come back: `proceed` may be said early.
    private(set) var isWaitingForUpstream = false
    private var checkpoint: [UInt8]?
    private var result: [UInt8]?
    private var isSettling: Bool
    private var exchange: (any UpstreamExchange<CommandResult>)?
    /// Goes out when `sent` is committed.
    private var held: [UpstreamRequest]?
    private var hasUnsavedChange = false
    private var failures = 0
    private let began: Int64

    init(state: CommandState, checkpoint: [UInt8]?, isSettling: Bool, now: Int64) {
        self.state = state
        self.checkpoint = checkpoint
        self.isSettling = isSettling
        began = now
    }

    mutating func receive(
        _ input: Input, now: Int64, random: inout some RandomNumberGenerator, make: MakeExchange
    ) -> Action {
        switch input {
        case .proceed:
            isWaitingForUpstream = false
            return hasUnsavedChange ? save() : advance([], now, &random, make)
        case .lapsed(let result):
            return finish(.done, result)
        case .cancelled:
            return finish(.refused, Self.reason(.upstreamUnavailable, "stopped before OpenCode could be reached"))
        case .answers(let answers):
            return advance(answers, now, &random, make)
        case .commitFailed:
            hasUnsavedChange = true
            return .wait(retryDelay(&random))
        case .committed:
            hasUnsavedChange = false
            if state.isFinal { return .finished }
            if let requests = held {
                held = nil
                return .send(requests)
            }
            return advance([], now, &random, make)
        }
    }

    /// Nothing of it was sent, nothing is under way.
    var isCancellable: Bool { state == .accepted && isWaitingForUpstream && !hasUnsavedChange }

    /// The next `proceed` begins the exchange (again).
    var isBetweenTries: Bool { exchange == nil && !hasUnsavedChange }

    private func save() -> Action { .commit(CommandChange(state: state, checkpoint: checkpoint, result: result)) }

    private mutating func advance(
        _ answers: [UpstreamAnswer], _ now: Int64, _ random: inout some RandomNumberGenerator, _ make: MakeExchange
    ) -> Action {
        guard var current = exchange ?? make(checkpoint, isSettling) else { return failed(.unreachable, now, &random) }
        let step = current.next(answers)
        exchange = current
        switch step {
        case .send(let requests):
            guard state == .accepted, requests.contains(where: { $0.method != "GET" }) else { return .send(requests) }
            held = requests
            state = .sent
            return save()
        case .wait(let time):
            return .wait(time)
        case .checkpoint(let bytes):
            checkpoint = bytes
            return save()
        case .done(.done(let result)):
            return finish(.done, result)
        case .done(.refused(let code, let detail)):
            return finish(.refused, Self.reason(code, detail))
        case .done(.uncertain(let detail)):
            return finish(.uncertain, Self.reason(.uncertain, detail))
        case .failed(let failure):
            return failed(failure, now, &random)
        }
    }

    private mutating func failed(_ failure: UpstreamFailure, _ now: Int64, _ random: inout some RandomNumberGenerator) -> Action {
        exchange = nil
        held = nil
        isSettling = isSettling || state == .sent
        failures += 1
        let isHopeless: Bool
        switch failure {
        case .unreachable: isHopeless = now - began > CommandLimits.patienceMilliseconds
        case .unauthorized, .unexpected: isHopeless = failures >= CommandLimits.tries
        }
        guard isHopeless else {
            isWaitingForUpstream = true
            return .wait(retryDelay(&random))
        }
        let reason = Self.reason(for: failure)
        return finish(state == .sent ? .uncertain : .refused, reason)
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

    private static func reason(for failure: UpstreamFailure) -> [UInt8] {
        switch failure {
        case .unreachable: reason(.upstreamUnavailable, "OpenCode could not be reached")
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

enum CommandLimits {
    /// An upstream that cannot be reached is tried again for so long; then the command is `refused`, or `uncertain` if something of it was
    /// sent, and the user decides.
    static let patienceMilliseconds: Int64 = 15 * 60 * 1000
    /// Answers that the adapter cannot use, before the same.
    static let tries = 3
    static let longestRetryMilliseconds: Int64 = 30_000
    /// A confirmed prompt of which no turn is heard counts as busy for so long.
    static let promptGraceMilliseconds: Int64 = 30_000
}
