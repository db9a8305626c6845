// A subscriber: the Swift library's own machine, on a connection that is cut, stalled or silent as the schedule says.

import Broker
import RelayProtocol
import Wire

@testable import RepriseClient

final class ClientModel {
    let number: Int
    let topic: TopicName
    let encoding: LineEncoding
    private(set) var machine: SubscriberMachine
    private(set) var witness: SubscriberCheck
    private(set) var pipe: Pipe?
    private var webSocket = WebSocketDecoder(role: .client)
    private var stream = SSEDecoder(frameBytes: 4 << 20)
    /// Reads nothing for now, and does not take silence for death.
    var isStalled = false {
        didSet { if isStalled { timer += pipe == nil ? 0 : 1 } else if oldValue, pipe != nil { carryOut(machine.listens()) } }
    }
    private(set) var isOver = false
    private(set) var connections = 0
    /// Timers of before are void.
    private var timer = 0
    private unowned let simulation: Simulation

    init(
        _ number: Int, _ topic: TopicName, after: String?, _ encoding: LineEncoding, random: any RandomNumberGenerator,
        simulation: Simulation
    ) {
        (self.number, self.topic, self.encoding, self.simulation) = (number, topic, encoding, simulation)
        machine = SubscriberMachine(after: after, random: random)
        witness = SubscriberCheck(topic: topic, after: after, history: simulation.history)
    }

    func start() { carryOut(machine.start()) }

    /// It has all that the log has.
    func isAt(_ head: Position) -> Bool { pipe?.isOpened == true && pipe?.bytes.isEmpty == true && (witness.last ?? .origin) == head }

    private func carryOut(_ actions: [SubscriberMachine.Action]) {
        for action in actions {
            simulation.tell("client \(number): \(ClientModel.told(action))")
            switch action {
            case .connect(let after): connect(after)
            case .disconnect: drop()
            case .deliver(let item):
                simulation.note(Self.bytes(item))
                if let fault = witness.take(item, simulation.history) { simulation.report("client \(number): \(fault)") }
            case .setTimer(let time): setTimer(time)
            case .cancelTimer: timer += 1
            case .finish(let error):
                isOver = true
                if let error { simulation.checkEnd(of: self, error) }
            }
        }
    }

    private static func bytes(_ item: SubscriptionItem) -> [UInt8] {
        switch item {
        case .event(let event): event.line
        case .control(_, let line): line
        case .disconnected(let reason): Array(reason.utf8)
        }
    }

    private static func told(_ action: SubscriberMachine.Action) -> String {
        switch action {
        case .deliver(.event(let event)): "event \(event.position)"
        case .deliver(.control(_, let line)): String(decoding: line, as: UTF8.self)
        default: "\(action)"
        }
    }

    private func setTimer(_ time: Duration) {
        timer += 1
        simulation.timers.add(at: simulation.now + Int64(time / .milliseconds(1)) + 1) { [weak self, timer] in
            guard let self, self.timer == timer else { return }
            carryOut(machine.timeIsUp())
        }
    }

    private func connect(_ after: String?) {
        connections += 1
        webSocket = WebSocketDecoder(role: .client)
        stream = SSEDecoder(frameBytes: 4 << 20)
        witness.connects(after: after)
        guard let pipe = simulation.connect(self, after) else { return carryOut(machine.lost("refused")) }
        self.pipe = pipe
    }

    private func drop() {
        if let pipe { simulation.abandon(pipe) }
        pipe = nil
    }

    // What the network brings.

    var hasWork: Bool {
        guard let pipe, !isStalled else { return false }
        return !pipe.bytes.isEmpty || pipe.isOver
    }

    func read(_ count: Int) {
        guard let pipe else { return }
        receive(Array(pipe.read(count)))
        guard self.pipe === pipe, pipe.bytes.isEmpty, pipe.isOver else { return }
        lose()
    }

    /// The connection ended, or was cut: what was on its way is lost.
    func lose() {
        guard let pipe else { return }
        self.pipe = nil
        simulation.abandon(pipe)
        if let problem = pipe.refusal {
            carryOut(machine.refused(status: problem.code.status, body: problem.json, retryAfter: nil))
        } else {
            carryOut(machine.lost("cut"))
        }
    }

    private func receive(_ bytes: [UInt8]) {
        carryOut(machine.listens())
        switch encoding {
        case .webSocket: receiveMessages(bytes)
        case .sse: receiveFrames(bytes)
        }
    }

    private func receiveMessages(_ bytes: [UInt8]) {
        webSocket.receive(bytes)
        while true {
            switch webSocket.next() {
            case .text(let text): carryOut(machine.received(text))
            case .needMore, .close: return
            case .ping, .pong: break
            case .binary, .fail: return simulation.report("client \(number): P2: what came is no WebSocket stream of text")
            }
        }
    }

    private func receiveFrames(_ bytes: [UInt8]) {
        stream.receive(bytes)
        while case .frame(let frame) = stream.next() { carryOut(machine.received(frame.data + [UInt8(ascii: "\n")])) }
    }
}
