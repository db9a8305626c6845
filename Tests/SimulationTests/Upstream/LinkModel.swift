// The line to OpenCode: asks which one it is with the real gate, opens its stream, and opens it again after a backoff when it is lost.

import Ingest
import OpenCode
import Reactor
import Wire

final class LinkModel {
    enum Event {
        case subscribed(any UpstreamAdapter)
        case frame([UInt8])
        case heard
        case ended
    }

    private unowned let simulation: Simulation
    private let openCode: OpenCodeModel
    private var backoff = Backoff(base: .milliseconds(200), cap: .seconds(30))
    private var decoder = SSEDecoder(frameBytes: 1 << 24)
    private(set) var stream: StreamPipe?
    private(set) var adapter: (any UpstreamAdapter)? {
        didSet { if adapter != nil || oldValue != nil { onAdapter(adapter) } }
    }
    private var attempt = 0
    private var isPaused = false
    private var lastByte: Int64 = 0
    var onEvent: (Event) -> Void = { _ in }
    var onAdapter: ((any UpstreamAdapter)?) -> Void = { _ in }

    init(_ openCode: OpenCodeModel, simulation: Simulation) { (self.openCode, self.simulation) = (openCode, simulation) }

    /// The frame with which a stream begins.
    func greets(_ frame: [UInt8]) -> Bool {
        guard let adapter, let frame = UpstreamJSON.parse(frame) else { return false }
        return adapter.route(frame) == .connected
    }

    func pause() { isPaused = true }
    func resume() { isPaused = false }

    func connect() {
        attempt += 1
        ask(Gate(), attempt, [])
    }

    private func ask(_ gate: Gate, _ attempt: Int, _ answers: [UpstreamAnswer]) {
        var gate = gate
        switch gate.next(answers) {
        case .send(let requests):
            send(requests) { [weak self, gate] answers in
                guard let self, attempt == self.attempt else { return }
                ask(gate, attempt, answers)
            }
        case .done(let answer): follow(answer.adapter)
        case .wait, .checkpoint: ask(gate, attempt, [])
        case .failed: lost()
        }
    }

    private func follow(_ adapter: any UpstreamAdapter) {
        guard let stream = openCode.follow(simulation.now) else { return lost() }
        decoder = SSEDecoder(frameBytes: 1 << 24)
        self.stream = stream
        self.adapter = adapter
        lastByte = simulation.now
        watchSilence(attempt, Int64(adapter.silenceLimit / .milliseconds(1)))
        onEvent(.subscribed(adapter))
    }

    private func watchSilence(_ attempt: Int, _ limit: Int64) {
        simulation.timers.add(at: lastByte + limit) { [weak self] in
            guard let self, attempt == self.attempt else { return }
            if simulation.now - lastByte >= limit { lost() } else { watchSilence(attempt, limit) }
        }
    }

    var hasWork: Bool { stream.map { !isPaused && (!$0.bytes.isEmpty || $0.isEnded) } ?? false }

    func read(_ count: Int) {
        guard let stream else { return }
        if stream.bytes.isEmpty, stream.isEnded { return lost() }
        lastByte = simulation.now
        decoder.receive(Array(stream.bytes.prefix(count)))
        stream.bytes.removeFirst(min(count, stream.bytes.count))
        while adapter != nil {
            switch decoder.next() {
            case .frame(let frame):
                backoff.reset()
                simulation.tell("OpenCode says \(String(decoding: frame.data.prefix(400), as: UTF8.self))")
                onEvent(.frame(frame.data))
            case .comment: onEvent(.heard)
            case .oversize, .needMore: return
            }
        }
    }

    func lost() {
        let wasFollowing = adapter != nil
        simulation.tell("the line is lost")
        attempt += 1
        if let stream { openCode.cut(stream) }
        (stream, adapter, isPaused) = (nil, nil, false)
        if wasFollowing { onEvent(.ended) }
        let attempt = attempt
        simulation.timers.add(at: simulation.now + Int64(backoff.next(using: &simulation.random) / .milliseconds(1)) + 1) { [weak self] in
            guard let self, attempt == self.attempt else { return }
            connect()
        }
    }

    /// Side by side; `done` gets all answers in the requests' order.
    func send(_ requests: [UpstreamRequest], _ done: @escaping ([UpstreamAnswer]) -> Void) {
        var answers = [UpstreamAnswer?](repeating: nil, count: requests.count)
        var missing = requests.count
        if requests.isEmpty { return done([]) }
        for (place, request) in requests.enumerated() {
            openCode.call(request) { answer in
                answers[place] = answer
                missing -= 1
                if missing == 0 { done(answers.compactMap { $0 }) }
            }
        }
    }
}
