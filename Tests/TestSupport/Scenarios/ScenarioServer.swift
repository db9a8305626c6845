// Plays one scenario over real sockets: follows it to the letter, and reports where the client does not.

import Reactor
import Wire

public final class ScenarioServer: Sendable {
    /// The topic that clients follow, and the token that they show.
    public static let topic = "scenario"
    public static let token = "scenario-token-0123456789abcdef"

    public let port: UInt16
    public let report: ScenarioReport
    private let thread: LoopThread

    public var url: String { "http://127.0.0.1:\(port)" }

    public init(_ scenario: Scenario) throws {
        let report = ScenarioReport()
        self.report = report
        let started = BlockingQueue<Result<UInt16, SystemError>>()
        thread = EventLoop.spawn(name: "scenario") { loop in
            do throws(SystemError) {
                let stage = ScenarioStage(scenario, report)
                guard let address = SocketAddress(host: "127.0.0.1", port: 0) else { return loop.stop() }
                let listener = try Listener(loop: loop, address: address) { descriptor in
                    _ = ScenarioPeer(loop: loop, descriptor: descriptor, stage: stage)
                }
                started.post(always: .success(listener.boundAddress.port))
            } catch {
                started.post(always: .failure(error))
                loop.stop()
            }
        }
        guard let bound = started.take() else { throw Scenario.Unreadable(what: "the address") }
        port = try bound.get()
    }

    public func stop() {
        thread.stop()
        thread.join()
    }

    deinit { thread.stop() }
}

/// Where a scenario stands. Confined to the server's loop.
final class ScenarioStage {
    let scenario: Scenario
    let report: ScenarioReport
    private var nextMeeting = 0
    private var lastEnd: Instant?
    /// The refusal that a client may ask about over HTTP: that of the newest handshake.
    private(set) var refusal: Scenario.Refusal?

    init(_ scenario: Scenario, _ report: ScenarioReport) {
        self.scenario = scenario
        self.report = report
    }

    /// The meeting that this handshake opens; nil when the scenario has no more.
    func meet(after: String?, at now: Instant) -> Scenario.Meeting? {
        report.connected()
        if let lastEnd { report.waited(lastEnd.duration(to: now)) }
        guard nextMeeting < scenario.meetings.count else {
            report.deviate("connection \(nextMeeting + 1), after \(after ?? "nothing"): there should be none")
            return nil
        }
        let meeting = scenario.meetings[nextMeeting]
        nextMeeting += 1
        if meeting.after != after {
            report.deviate("connection \(nextMeeting): after is \(after ?? "nothing"), not \(meeting.after ?? "nothing")")
        }
        refusal = meeting.refusal
        return meeting
    }

    /// A connection has ended, or will say no more.
    func ended(at now: Instant, isLast: Bool = false) {
        lastEnd = now
        if isLast || nextMeeting == scenario.meetings.count { report.end() }
    }
}
