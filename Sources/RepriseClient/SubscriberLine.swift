// One subscription on the loop: carries out what its `SubscriberMachine` decides with a socket and a timer.

import Reactor
import RelayProtocol
import Wire

final class SubscriberLine {
    private let loop: EventLoop
    private let server: ServerAddress
    private let token: String
    private let path: String
    private let queue: ItemQueue
    private let messageBytes: Int
    private var machine: SubscriberMachine
    private var socket: WebSocketClient?
    private var timer: TimerToken?

    init(loop: EventLoop, server: ServerAddress, token: String, options: RepriseOptions, path: String, after: String?, queue: ItemQueue) {
        self.loop = loop
        self.server = server
        self.token = token
        self.path = path
        self.queue = queue
        messageBytes = options.messageBytes
        machine = SubscriberMachine(
            after: after, random: SystemRandomNumberGenerator(), backoffBase: options.backoffBase, backoffCap: options.backoffCap)
    }

    func start() { carryOut(machine.start()) }
    func close() { carryOut(machine.close()) }

    /// The consumer is behind: nothing is read, so nothing that is not heard says that the connection is dead.
    private func pause() {
        socket?.pauseReading()
        stopTimer()
    }

    func resume() {
        guard let socket else { return }
        socket.resumeReading()
        carryOut(machine.listens())
    }

    private func carryOut(_ actions: [SubscriberMachine.Action]) {
        for action in actions {
            switch action {
            case .connect(let after): connect(after)
            case .disconnect(let code):
                socket?.close(code: code)
                socket = nil
            case .deliver(let item): if !queue.put(item), socket != nil { pause() }
            case .setTimer(let duration): setTimer(duration)
            case .cancelTimer: stopTimer()
            case .finish(let error): queue.finish(error)
            }
        }
    }

    /// Not for a connection that is not read: what came with the line that filled the queue is still heard.
    private func setTimer(_ duration: Duration) {
        stopTimer()
        if socket?.isReadingPaused == true { return }
        timer = loop.schedule(after: duration) { [unowned self] in
            timer = nil
            carryOut(machine.timeIsUp())
        }
    }

    private func stopTimer() {
        if let timer { loop.cancel(timer) }
        timer = nil
    }

    private func connect(_ after: String?) {
        let target = server.prefix + path + (after.map { "?after=\(PercentEncoding.encode($0))" } ?? "")
        let options = WebSocketClient.Options(
            host: server.host, port: server.port, authority: server.authority, target: target,
            headers: [("authorization", "Bearer \(token)")], subprotocols: ["reprise.v1"], messageBytes: messageBytes)
        let next = WebSocketClient(loop: loop, options: options)
        socket = next
        next.open { [unowned self, unowned next] event in
            guard socket === next else { return }
            switch event {
            case .open, .bytes: carryOut(machine.listens())
            case .text(let bytes), .binary(let bytes): carryOut(machine.received(bytes))
            case .refused(let status, let body, let retryAfter):
                socket = nil
                carryOut(machine.refused(status: status, body: body, retryAfter: retryAfter))
            case .closed(let reason):
                socket = nil
                carryOut(machine.lost(reason))
            }
        }
    }
}
