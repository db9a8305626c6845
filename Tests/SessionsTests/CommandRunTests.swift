import OpenCode
import Testing

@testable import Sessions

@Suite struct CommandRunTests {
    /// An exchange that plays steps and remembers how it was made.
    struct Script: UpstreamExchange {
        var steps: [ExchangeStep<CommandResult>]
        mutating func next(_ answers: [UpstreamAnswer]) -> ExchangeStep<CommandResult> { steps.removeFirst() }
    }

    /// Drives one run: what was made, and the actions in words.
    final class Driver {
        var run: CommandRun
        var scripts: [[ExchangeStep<CommandResult>]]
        var made: [String] = []
        var now: Int64 = 0
        var lastPause: Duration?
        var random = SystemRandomNumberGenerator()

        init(
            _ scripts: [[ExchangeStep<CommandResult>]], state: CommandState = .accepted, checkpoint: [UInt8]? = nil, settling: Bool = false
        ) {
            run = CommandRun(state: state, checkpoint: checkpoint, isSettling: settling, now: 0)
            self.scripts = scripts
        }

        func receive(_ input: CommandRun.Input) -> String {
            var scripts = scripts
            var made = made
            let action = run.receive(input, now: now, random: &random) { checkpoint, settling in
                made.append("\(checkpoint.map { String(decoding: $0, as: UTF8.self) } ?? "-") \(settling)")
                return scripts.isEmpty ? nil : Script(steps: scripts.removeFirst())
            }
            self.scripts = scripts
            self.made = made
            if case .wait(let pause) = action { lastPause = pause }
            return Self.name(action)
        }

        static func name(_ action: CommandRun.Action) -> String {
            switch action {
            case .send(let requests): "send " + requests.map { "\($0.method) \($0.target)" }.joined(separator: ",")
            case .wait: "wait"
            case .commit(let change):
                "commit \(change.state)" + (change.checkpoint.map { " " + String(decoding: $0, as: UTF8.self) } ?? "")
                    + (change.result.map { " " + String(decoding: $0, as: UTF8.self) } ?? "")
            case .finished: "finished"
            case .nothing: "nothing"
            }
        }
    }

    let post = UpstreamRequest("POST", "/prompt")
    let get = UpstreamRequest("GET", "/messages")
    let ok = UpstreamAnswer.answered(status: 200, isJSON: true, headers: [], body: [])
    let result = Array(#"{"message":"msg_1"}"#.utf8)

    @Test func `sent is committed before the first request that changes something`() {
        let driver = Driver([[.send([get]), .send([post]), .done(.done(result: result))]])
        #expect(driver.receive(.proceed) == "send GET /messages")
        #expect(driver.receive(.answers([ok])) == "commit sent")
        #expect(driver.receive(.committed) == "send POST /prompt")
        #expect(driver.receive(.answers([ok])) == #"commit done {"message":"msg_1"}"#)
        #expect(driver.receive(.committed) == "finished")
        #expect(driver.made == ["- false"])
    }

    @Test func `a lost answer begins the exchange anew as settling, from its checkpoint`() {
        let driver = Driver([
            [.checkpoint(Array("step2".utf8)), .send([post]), .failed(.unreachable)], [.send([get]), .done(.done(result: result))],
        ])
        #expect(driver.receive(.proceed) == "commit accepted step2")
        #expect(driver.receive(.committed) == "commit sent step2")
        #expect(driver.receive(.committed) == "send POST /prompt")
        #expect(driver.receive(.answers([.unreachable(mayHaveArrived: true)])) == "wait")
        #expect(driver.run.isWaitingForUpstream)
        #expect(driver.receive(.proceed) == "send GET /messages")
        #expect(!driver.run.isWaitingForUpstream)
        #expect(driver.made == ["- false", "step2 true"])
    }

    @Test func `without an upstream it waits, and is refused only after a long time`() {
        let driver = Driver([])
        #expect(driver.receive(.proceed) == "wait")
        driver.now = CommandLimits.patienceMilliseconds
        #expect(driver.receive(.proceed) == "wait")
        driver.now += 1
        #expect(driver.receive(.proceed).hasPrefix(#"commit refused {"code":"upstream_unavailable""#))
    }

    @Test func `what may have happened is uncertain, not refused`() {
        let driver = Driver([[.send([get]), .failed(.unreachable)]], state: .sent, settling: true)
        driver.now = CommandLimits.patienceMilliseconds + 1
        #expect(driver.receive(.proceed) == "send GET /messages")
        #expect(driver.receive(.answers([ok])).hasPrefix("commit uncertain"))
        #expect(driver.made == ["- true"])
    }

    @Test func `an answer that cannot be used is asked for three times`() {
        let failure = ExchangeStep<CommandResult>.failed(.unexpected(status: 500, detail: "not JSON"))
        let driver = Driver([[failure], [failure], [failure]])
        #expect(driver.receive(.proceed) == "wait")
        #expect(driver.receive(.proceed) == "wait")
        #expect(driver.receive(.proceed).hasPrefix(#"commit refused {"code":"upstream_refused""#))
    }

    @Test func `an absence does not count among the answers that cannot be used`() {
        let failure = ExchangeStep<CommandResult>.failed(.unexpected(status: 500, detail: "not JSON"))
        let away = ExchangeStep<CommandResult>.failed(.unreachable)
        let driver = Driver([[away], [away], [away], [failure], [failure], [failure]])
        for _ in 0..<5 { #expect(driver.receive(.proceed) == "wait") }
        #expect(driver.receive(.proceed).hasPrefix(#"commit refused {"code":"upstream_refused""#))
    }

    @Test func `a log that goes on failing is tried less and less often`() {
        let driver = Driver([[.send([post])]])
        #expect(driver.receive(.proceed) == "commit sent")
        var pauses: [Duration] = []
        for _ in 0..<200 {
            #expect(driver.receive(.commitFailed) == "wait")
            if let pause = driver.lastPause { pauses.append(pause) }
            #expect(driver.receive(.proceed) == "commit sent")
        }
        #expect(pauses.prefix(2).allSatisfy { $0 <= .seconds(1) })
        #expect(pauses.suffix(190).max() ?? .zero > .seconds(15))
        #expect(pauses.allSatisfy { $0 <= .milliseconds(CommandLimits.longestRetryMilliseconds) })
    }

    @Test func `a change that could not be written is written again before anything else`() {
        let driver = Driver([[.send([post]), .done(.done(result: result))]])
        #expect(driver.receive(.proceed) == "commit sent")
        #expect(driver.receive(.commitFailed) == "wait")
        #expect(driver.receive(.proceed) == "commit sent")
        #expect(driver.receive(.committed) == "send POST /prompt")
    }

    @Test func `a command that is withdrawn before it is sent does not go out, wherever it stands`() {
        let waiting = Driver([])
        #expect(waiting.receive(.proceed) == "wait")
        #expect(waiting.receive(.withdrawn).hasPrefix(#"commit refused {"code":"stopped""#))
        #expect(waiting.receive(.proceed) == "nothing")
        #expect(waiting.receive(.committed) == "finished")

        let looking = Driver([[.send([get]), .send([post])]])
        #expect(looking.receive(.proceed) == "send GET /messages")
        #expect(looking.receive(.withdrawn) == "nothing")
        #expect(looking.receive(.answers([ok])).hasPrefix(#"commit refused {"code":"stopped""#))

        let committing = Driver([[.send([post])]])
        #expect(committing.receive(.proceed) == "commit sent")
        #expect(committing.receive(.withdrawn) == "nothing")
        #expect(committing.receive(.committed).hasPrefix(#"commit refused {"code":"stopped""#))
        #expect(committing.receive(.committed) == "finished")

        let failing = Driver([[.send([post])]])
        #expect(failing.receive(.proceed) == "commit sent")
        #expect(failing.receive(.commitFailed) == "wait")
        #expect(failing.receive(.withdrawn).hasPrefix(#"commit refused {"code":"stopped""#))
    }

    @Test func `a command that is withdrawn after it was sent is looked for, and not sent again`() {
        let arrived = Driver([[.send([post]), .failed(.unreachable)], [.send([get]), .done(.done(result: result))]])
        _ = (arrived.receive(.proceed), arrived.receive(.committed))
        #expect(arrived.receive(.withdrawn) == "nothing")
        #expect(arrived.receive(.answers([.unreachable(mayHaveArrived: true)])) == "wait")
        #expect(arrived.receive(.proceed) == "send GET /messages")
        #expect(arrived.receive(.answers([ok])) == #"commit done {"message":"msg_1"}"#)

        let lost = Driver([[.send([post]), .failed(.unreachable)], [.send([get]), .send([post])]])
        _ = (lost.receive(.proceed), lost.receive(.committed))
        #expect(lost.receive(.answers([.unreachable(mayHaveArrived: true)])) == "wait")
        #expect(lost.receive(.withdrawn) == "nothing")
        #expect(lost.receive(.proceed) == "send GET /messages")
        #expect(lost.receive(.answers([ok])).hasPrefix(#"commit uncertain {"code":"uncertain""#))
    }

    /// A reply whose answer was lost so, and whose card is closed.
    private func replied(_ lost: UpstreamAnswer) -> Driver {
        let driver = Driver([[.send([post]), .failed(.unreachable)], [.send([get]), .done(.notAsked)]])
        _ = (driver.receive(.proceed), driver.receive(.committed), driver.receive(.answers([lost])))
        #expect(driver.receive(.proceed) == "send GET /messages")
        return driver
    }

    private let answered = #"commit refused {"code":"already_answered""#

    @Test func `a reply whose answer was lost is what the stream tells of its card`() {
        let lost = UpstreamAnswer.unreachable(mayHaveArrived: true)
        let ours = replied(lost)
        ours.run.isWordOurs = true
        #expect(ours.receive(.answers([ok])) == "commit done {}")

        let theirs = replied(.late)
        theirs.run.isWordOurs = false
        #expect(theirs.receive(.answers([ok])).hasPrefix(answered))

        let late = replied(lost)
        #expect(late.receive(.answers([ok])) == "wait")
        late.run.isWordOurs = true
        #expect(late.receive(.proceed) == "commit done {}")

        let untold = replied(lost)
        #expect(untold.receive(.answers([ok])) == "wait")
        untold.now = CommandLimits.wordMilliseconds - 1
        #expect(untold.receive(.proceed) == "wait")
        untold.now += 1
        #expect(untold.receive(.proceed).hasPrefix(#"commit uncertain {"code":"uncertain""#))
    }

    @Test func `a reply that cannot have closed its card was too late`() {
        #expect(replied(.unreachable(mayHaveArrived: false)).receive(.answers([ok])).hasPrefix(answered))
        let first = Driver([[.send([post]), .done(.notAsked)]])
        _ = (first.receive(.proceed), first.receive(.committed))
        #expect(first.receive(.answers([ok])).hasPrefix(answered))
        let unsent = Driver([[.send([get]), .done(.notAsked)]], settling: true)
        _ = unsent.receive(.proceed)
        #expect(unsent.receive(.answers([ok])).hasPrefix(answered))
    }

    @Test func `of a reply that another process has sent nobody can tell`() {
        let driver = Driver([[.send([get]), .done(.notAsked)]], state: .sent, settling: true)
        #expect(driver.receive(.proceed) == "send GET /messages")
        #expect(driver.receive(.answers([ok])) == "wait")
        driver.now = CommandLimits.wordMilliseconds
        #expect(driver.receive(.proceed).hasPrefix("commit uncertain"))
    }

    @Test func `a stop that came too early goes on until it has stopped something, or nothing is left`() {
        let none = Array(#"{"stopped":false}"#.utf8)
        let some = Array(#"{"stopped":true}"#.utf8)
        let early = Driver([[.send([post]), .done(.done(result: none))], [.send([post]), .done(.done(result: some))]])
        #expect(early.receive(.attempt(.untilStopped)) == "commit sent")
        _ = early.receive(.committed)
        #expect(early.receive(.answers([ok])) == "wait")
        #expect(early.receive(.attempt(.untilStopped)) == "send POST /prompt")
        #expect(early.receive(.answers([ok])) == #"commit done {"stopped":true}"#)

        let another = Driver([[.send([post]), .done(.done(result: some))]])
        #expect(another.receive(.attempt(.untilSettled)) == "commit sent")
        _ = another.receive(.committed)
        #expect(another.receive(.answers([ok])) == "wait")
        #expect(another.receive(.lapsed(result: none)) == #"commit done {"stopped":true}"#)
    }
}
