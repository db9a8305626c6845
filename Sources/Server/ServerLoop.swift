// One loop of the server: its connections, its subscriptions. Confined to its thread; a connection stays where it was dealt.

import EventLog
import Reactor
import RelayProtocol

final class ServerLoop {
    /// Which one of the loops it is.
    let place: Int
    let loop: EventLoop
    let services: Services
    let options: ServerOptions
    let access: AccessPolicy
    let figures: ServerFigures
    let mailbox: LoopMailbox
    private(set) lazy var subscriptions = Subscriptions(self)
    private var connections: [UInt64: HTTPConnection] = [:]
    private var lastConnection: UInt64 = 0
    private var listener: Listener?
    private(set) var isDraining = false
    private var hasSubscribers = true
    private var publications: [AppendRequest] = []
    private var drained: (@Sendable () -> Void)?
    /// Once a minute is enough.
    private var saysFull = true

    init(
        place: Int, loop: EventLoop, mailbox: LoopMailbox, services: Services, options: ServerOptions, access: AccessPolicy,
        figures: ServerFigures
    ) {
        self.place = place
        self.loop = loop
        self.mailbox = mailbox
        self.services = services
        self.options = options
        self.access = access
        self.figures = figures
    }

    func start() {
        loop.attach(mailbox.mailbox) { [self] messages in for message in messages { handle(message) } }
    }

    private func handle(_ message: LoopMessage) {
        switch message {
        case .accepted(let socket): accept(socket)
        case .answer(let connection, let request, let answer): connections[connection]?.answer(answer, to: request)
        case .drain(let done): drain(done)
        }
    }

    func keep(_ listener: Listener) { self.listener = listener }

    /// On the loop that listens. Some descriptors are not for connections: without them OpenCode could not be reached any more.
    /// The room is taken here: the loop that a connection is dealt to may be busy, and the connection has its descriptor meanwhile.
    func takesRoom() -> Bool {
        if figures.open.value < options.connections {
            figures.open.add()
            return true
        }
        figures.turnedAway.add()
        if saysFull {
            saysFull = false
            services.logger.error("too many connections: new ones are closed", [("most", "\(options.connections)")])
            loop.schedule(after: .seconds(60)) { [unowned self] in saysFull = true }
        }
        return false
    }

    func accept(_ socket: AcceptedSocket) {
        guard !isDraining, let descriptor = socket.take() else { return figures.open.subtract() }
        lastConnection += 1
        let connection = Connection(loop: loop, descriptor: descriptor, options: Connection.Options(sendBufferBytes: 32 << 10))
        connections[lastConnection] = HTTPConnection(number: lastConnection, connection: connection, owner: self)
        figures.connections.add()
    }

    /// What the requests of one turn publish goes to the log together: one wake-up of the writer, and one commit.
    func publish(_ request: AppendRequest) {
        if publications.isEmpty { loop.atEndOfTurn { [unowned self] in handOverPublications() } }
        publications.append(request)
    }

    /// Also called before anything that takes long at the end of a turn.
    func handOverPublications() {
        guard !publications.isEmpty else { return }
        services.log.append(each: publications)
        publications = []
    }

    /// The connection ended, or speaks something else now.
    func forget(_ connection: HTTPConnection) {
        guard connections.removeValue(forKey: connection.number) != nil else { return }
        if !connection.isHandedOver { figures.open.subtract() }
        tellIfDrained()
    }

    /// Answers what is being answered, to the last byte, takes nothing new, and has every subscriber told when to come back. `done` is called
    /// when all are gone, or the time for it is over.
    private func drain(_ done: @escaping @Sendable () -> Void) {
        isDraining = true
        drained = done
        listener?.close()
        for connection in connections.values { connection.drain() }
        subscriptions.drain { [unowned self] in
            hasSubscribers = false
            tellIfDrained()
        }
        loop.schedule(after: options.drainTimeout) { [unowned self] in
            for connection in connections.values {
                connection.end()
                forget(connection)
            }
            subscriptions.cutAll()
        }
    }

    private func tellIfDrained() {
        guard isDraining, !hasSubscribers, connections.isEmpty, let done = drained else { return }
        drained = nil
        done()
    }
}
