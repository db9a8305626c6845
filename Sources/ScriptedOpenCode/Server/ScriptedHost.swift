// The agent on its loop: gives it requests and the time, and its frames to every event stream. A flood is asked for as fast as the slowest
// reader takes it; a reader that takes nothing while others talk is ended, as the real server does.

import Reactor
import Wire

final class ScriptedHost {
    /// A flood fills what a stream has not sent up to this.
    private static let floodBytes = 1 << 20
    private static let frameBytes = 700
    /// A stream with so much unsent is ended.
    private static let overrunBytes = 32 << 20

    let address: SocketAddress
    let loop: EventLoop
    var agent: any ScriptedAgent
    var hindrances = ScriptedHindrances()
    /// The next frame is torn.
    var isTearing = false
    private let clock = WallClock()
    private var listener: Listener?
    private var peers: [ObjectIdentifier: ScriptedPeer] = [:]
    private var timer: TimerToken?
    private var isPumping = false
    /// Bytes of frames that were made.
    private(set) var saidBytes = 0

    var port: UInt16 { address.port }
    var now: Int64 { clock.now }
    var streams: [ScriptedPeer] { peers.values.filter(\.isStream) }

    init(loop: EventLoop, address: SocketAddress, agent: any ScriptedAgent) throws(SystemError) {
        self.loop = loop
        self.agent = agent
        var accept: (consuming Descriptor) -> Void = { _ in }
        let listener = try Listener(loop: loop, address: address) { accept($0) }
        self.address = listener.boundAddress
        self.listener = listener
        accept = { [unowned self] descriptor in add(descriptor) }
        schedulePump()
    }

    private func add(_ descriptor: consuming Descriptor) {
        let peer = ScriptedPeer(host: self, loop: loop, descriptor: descriptor)
        peers[ObjectIdentifier(peer)] = peer
    }

    func remove(_ peer: ScriptedPeer) { peers[ObjectIdentifier(peer)] = nil }

    /// Nobody is heard and nobody is let in.
    func close() {
        listener?.close()
        listener = nil
        for peer in peers.values { peer.cut() }
    }

    func listen() throws(SystemError) {
        listener = try Listener(loop: loop, address: address) { [unowned self] in add($0) }
        schedulePump()
    }

    func carryOut(_ command: ScriptedCommand) {
        switch command {
        case .fault(let fault): commit(fault)
        case .play(let recording, let speed): play(recording.frames[...], speed: speed, from: loop.now)
        case .stop(let done):
            close()
            done(agent)
            loop.stop()
        }
    }

    func admits(target: String, authorization: String?) -> Bool { agent.admits(target: target, authorization: authorization) }

    func respond(method: String, target: String, body: [UInt8]) -> ScriptedReply {
        defer { schedulePump() }
        if target == "/scripted/fault", method == "POST" { return commit(body) }
        switch hindrances.take(target) {
        case .status(let status): return .status(status)
        case .delay(let milliseconds):
            return .later(milliseconds: milliseconds, agent.respond(method: method, target: target, body: body, now: clock.now))
        case .loss:
            _ = agent.respond(method: method, target: target, body: body, now: clock.now)
            return .cut
        case nil: return agent.respond(method: method, target: target, body: body, now: clock.now)
        }
    }

    /// At the end of the turn, so that an answer is on its way before what it caused.
    func schedulePump() {
        guard !isPumping else { return }
        isPumping = true
        loop.atEndOfTurn { [unowned self] in
            isPumping = false
            pump()
        }
    }

    private func pump() {
        guard listener != nil else { return }
        let unsent = streams.map(\.unsentBytes).max() ?? 0
        let room = max(0, Self.floodBytes - unsent) / Self.frameBytes
        agent.advance(now: clock.now, room: room)
        send(agent.takeFrames())
        if agent.isFlooding, room > 0 { schedulePump() }
        plan()
    }

    private func send(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        saidBytes += bytes.count
        if isTearing { return tear(bytes) }
        // A flood waits for its readers by itself.
        let limit = agent.isFlooding ? nil : agent.waitingFrames
        for stream in streams {
            if !say(bytes, to: stream, limit) { stream.end() }
        }
    }

    /// False when its reader has fallen too far behind.
    private func say(_ bytes: [UInt8], to stream: ScriptedPeer, _ limit: Int?) -> Bool {
        if let limit { return stream.say(bytes, waiting: limit) }
        stream.say(bytes)
        return stream.unsentBytes <= Self.overrunBytes
    }

    private func plan() {
        if let timer { loop.cancel(timer) }
        timer = agent.nextTime.map { time in
            loop.schedule(after: .milliseconds(max(0, time - clock.now))) { [unowned self] in
                timer = nil
                schedulePump()
            }
        }
    }

    private func play(_ frames: ArraySlice<Recording.Frame>, speed: Double, from start: Instant) {
        var rest = frames
        while let frame = rest.first {
            let due = speed == 0 ? start : start + .microseconds(Int64(Double(frame.milliseconds) * 1000 / speed))
            if due > loop.now {
                let later = rest
                loop.schedule(after: loop.now.duration(to: due)) { [weak self] in self?.play(later, speed: speed, from: start) }
                return
            }
            send(frame.bytes)
            rest.removeFirst()
        }
    }
}
