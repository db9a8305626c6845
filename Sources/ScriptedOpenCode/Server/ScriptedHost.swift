// The agent on its loop: gives it requests and the time, and its frames to every event stream. A flood is asked for as fast as the slowest
// reader takes it; a reader that takes nothing while others talk is ended, as the real server does.

import Reactor

final class ScriptedHost {
    /// A flood fills what a stream has not sent up to this.
    private static let floodBytes = 1 << 20
    private static let frameBytes = 900
    /// A stream with so much unsent is ended.
    private static let overrunBytes = 32 << 20

    let port: UInt16
    private let loop: EventLoop
    private let clock = WallClock()
    private var agent: ScriptedAgent
    private var listener: Listener?
    private var peers: [ObjectIdentifier: ScriptedPeer] = [:]
    private var timer: TimerToken?
    private var isPumping = false

    init(loop: EventLoop, address: SocketAddress, agent: ScriptedAgent) throws(SystemError) {
        self.loop = loop
        self.agent = agent
        var accept: (consuming Descriptor) -> Void = { _ in }
        let listener = try Listener(loop: loop, address: address) { accept($0) }
        port = listener.boundAddress.port
        self.listener = listener
        accept = { [unowned self] descriptor in add(descriptor) }
        schedulePump()
    }

    private func add(_ descriptor: consuming Descriptor) {
        let peer = ScriptedPeer(host: self, loop: loop, descriptor: descriptor)
        peers[ObjectIdentifier(peer)] = peer
    }

    func remove(_ peer: ScriptedPeer) { peers[ObjectIdentifier(peer)] = nil }

    func carryOut(_ command: ScriptedCommand) {
        switch command {
        case .cutStreams: for peer in peers.values where peer.isStream { peer.cut() }
        case .play(let recording, let speed): play(recording.frames[...], speed: speed, from: loop.now)
        case .stop(let done):
            listener?.close()
            for peer in peers.values { peer.cut() }
            done(agent)
            loop.stop()
        }
    }

    func admits(target: String, authorization: String?) -> Bool { agent.admits(target: target, authorization: authorization) }

    func respond(method: String, target: String, body: [UInt8]) -> ScriptedReply {
        defer { schedulePump() }
        return agent.respond(method: method, target: target, body: body, now: clock.now)
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
        let streams = peers.values.filter(\.isStream)
        let unsent = streams.map(\.unsentBytes).max() ?? 0
        let room = max(0, Self.floodBytes - unsent) / Self.frameBytes
        agent.advance(now: clock.now, room: room)
        send(agent.takeFrames().flatMap { $0 })
        if agent.isFlooding, room > 0 { schedulePump() }
        plan()
    }

    private func send(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        for stream in peers.values where stream.isStream {
            stream.send(bytes)
            if stream.unsentBytes > Self.overrunBytes { stream.end() }
        }
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
