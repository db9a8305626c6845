// One thread's loop: it waits for input, hands it to the sources, fires the timers that are due, then runs what was put off
// to the end of the turn. Everything on a loop is confined to its thread: the class is not Sendable, and other threads
// reach it through mailboxes only. Idle, it sleeps in the kernel until something happens.
//
// A turn: wait; sources that had more; sources with events; timers; end of the turn.

public final class EventLoop {
    /// The time at which this turn began.
    public private(set) var now = Instant.current

    /// What every connection of this loop reads into.
    let readBuffer = ReadBuffer()
    let inbox: Mailbox<LoopCommand>

    private var poller: Poller
    private var sources = SourceTable()
    private var timers = TimerQueue()
    private var unfinished: [Registration] = []
    private var endOfTurn: [() -> Void] = []
    private var lastingResolver: Resolver?
    private(set) var isStopping = false

    init(inbox: Mailbox<LoopCommand>) {
        self.inbox = inbox
        poller = mustSucceed { () throws(SystemError) in try Poller() }
        attach(inbox) { [unowned self] commands in for command in commands { carryOut(command) } }
    }

    /// How many descriptors are registered, the loop's own among them.
    var sourceCount: Int { sources.count }

    /// Runs `body` once, `delay` after the beginning of this turn or later. A loop that ends drops its timers.
    @discardableResult
    public func schedule(after delay: Duration, _ body: @escaping () -> Void) -> TimerToken {
        timers.insert(at: now + max(delay, .zero), body)
    }

    /// Does nothing for a timer that has fired or was cancelled.
    public func cancel(_ token: TimerToken) {
        timers.cancel(token)
    }

    /// Runs `body` once when all input of this turn has been handled. What is added by such a body runs at the end of the
    /// next turn, which then begins at once.
    public func atEndOfTurn(_ body: @escaping () -> Void) {
        endOfTurn.append(body)
    }

    /// Ends the loop with this turn: what is registered on it is closed.
    public func stop() {
        isStopping = true
    }

    /// Made when a name is first asked for: most loops never do.
    var resolver: Resolver {
        if let lastingResolver { return lastingResolver }
        let made = Resolver(loop: self)
        lastingResolver = made
        return made
    }

    func run() {
        runEndOfTurn()
        while !isStopping { turn() }
        end()
    }

    private func turn() {
        let count = poller.wait(milliseconds: timeout)
        now = .current
        continueUnfinished()
        for index in 0..<count {
            let event = poller.event(at: index)
            sources[Registration(key: event.key)]?.ready(event.ready)
        }
        let mark = timers.mark
        while let body = timers.popDue(by: now, before: mark) { body() }
        runEndOfTurn()
    }

    private var timeout: Int32 {
        if !unfinished.isEmpty || !endOfTurn.isEmpty { return 0 }
        guard let earliest = timers.earliest else { return -1 }
        return (earliest - .current).timeoutMilliseconds
    }

    private func continueUnfinished() {
        let registrations = unfinished
        unfinished.removeAll(keepingCapacity: true)
        for registration in registrations { sources[registration]?.ready(.readable) }
    }

    private func runEndOfTurn() {
        let bodies = endOfTurn
        endOfTurn.removeAll(keepingCapacity: true)
        for body in bodies { body() }
    }

    private func carryOut(_ command: LoopCommand) {
        switch command {
        case .stop: stop()
        case .perform(let body): body(self)
        }
    }

    /// Everything under way hears that it is over. Whoever hears it may begin something new, which then ends as well: as many
    /// rounds as that takes, within reason; what is left is dropped.
    private func end() {
        for _ in 0..<100 {
            for source in sources.all { source.loopEnded() }
            lastingResolver?.loopEnded()
            if endOfTurn.isEmpty { break }
            runEndOfTurn()
        }
        sources = SourceTable()
        timers = TimerQueue()
        endOfTurn = []
    }
}

extension EventLoop {
    /// The source is told of every change until it is deregistered, beginning with how things stand now. Not before the next
    /// turn.
    func register(_ source: any EventSource, _ descriptor: borrowing Descriptor) throws(SystemError) -> Registration {
        let registration = sources.insert(source)
        do { try poller.add(descriptor, key: registration.key) } catch {
            sources.remove(registration)
            throw error
        }
        return registration
    }

    func deregister(_ registration: Registration, _ descriptor: borrowing Descriptor) {
        poller.remove(descriptor)
        sources.remove(registration)
    }

    /// Calls the source as readable in the next turn, which then begins at once: it has left input for the sake of others.
    func continueNextTurn(_ registration: Registration) {
        unfinished.append(registration)
    }
}
