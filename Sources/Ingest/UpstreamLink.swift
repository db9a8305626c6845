// The line to OpenCode: find it, ask which generation it is, keep its stream open. Reconnects with exponential backoff and full jitter;
// a stream without a byte for the adapter's limit is dead. Where none is installed and none runs it looks again with the same backoff, about
// four times a minute in the end: a person may start one at any time. Confined to the upstream loop.

import OpenCode
import Reactor
import RelayProtocol
import Wire

public final class UpstreamLink {
    enum Event {
        case subscribed(any UpstreamAdapter)
        case frame([UInt8])
        case oversizeFrame(bytes: Int)
        case heard
        case ended
    }

    /// What a request is for. Each purpose has connections of its own: a stop does not wait behind the reads of a heal.
    public enum Purpose: CaseIterable { case reading, acting }

    public static let requestTimeout = Duration.seconds(60)
    /// Until a server has said which generation it is, and until its stream begins. 1.18 takes connections while it starts and answers some of
    /// them never.
    static let gateTimeout = Duration.seconds(5)
    /// Of one answer; some are on their way at once. A larger one is not read: of pages smaller ones are asked for.
    static let answerBytes = 64 << 20
    /// A stream that has not said that it is connected by then is none.
    static let greetingLimit = Duration.seconds(10)
    /// A stream that has greeted and lived so long begins its next reconnects anew.
    var healthyAfter = Duration.seconds(5)

    private let loop: EventLoop
    private let locator: any UpstreamLocator
    private let status: UpstreamStatus
    private let logger: Logger
    private(set) var backoff: Backoff
    private var random = SystemRandomNumberGenerator()
    private var clients: [Purpose: HTTPClient] = [:]
    private var endpoint: UpstreamEndpoint?
    private var stream: HTTPStream?
    private var decoder = SSEDecoder(frameBytes: Limits.upstreamFrameBytes)
    private var watch: SilenceWatch?
    private var silence: TimerToken?
    private var retry: TimerToken?
    private var greeting: TimerToken?
    private var openedAt: Instant
    private var isGreeted = false
    private var version = ""
    /// Raised with every attempt: callbacks of an older one are void.
    private var attempt = 0
    private var isStopped = false
    public private(set) var adapter: (any UpstreamAdapter)? {
        didSet { if adapter != nil || oldValue != nil { onAdapter(adapter) } }
    }
    var onEvent: (Event) -> Void = { _ in }
    /// Whether the stream has said that it is connected.
    var hasGreeted: () -> Bool = { true }
    /// Called with the adapter when a stream has opened, with nil when it is lost.
    public var onAdapter: ((any UpstreamAdapter)?) -> Void = { _ in }

    public init(loop: EventLoop, locator: any UpstreamLocator, status: UpstreamStatus, logger: Logger) {
        self.loop = loop
        self.locator = locator
        self.status = status
        self.logger = logger
        backoff = Backoff(base: .milliseconds(200), cap: .seconds(30))
        openedAt = loop.now
    }

    func start() { connect() }

    func stop(_ done: @escaping () -> Void) {
        isStopped = true
        attempt += 1
        close()
        locator.stop(done)
    }

    func pause() {
        stream?.pause()
        watch?.pause()
    }

    func resume() {
        stream?.resume()
        watch?.resume(at: loop.now)
        checkSilence()
    }

    func reconnect(reason: String) {
        guard !isStopped else { return }
        logger.warning("upstream stream given up", [("reason", reason)])
        lost(reason)
    }

    private func close() {
        stream?.cancel()
        stream = nil
        watch = nil
        adapter = nil
        if let silence { loop.cancel(silence) }
        if let retry { loop.cancel(retry) }
        if let greeting { loop.cancel(greeting) }
        (silence, retry, greeting) = (nil, nil, nil)
    }

    // Finding and asking.

    private func connect() {
        attempt += 1
        let attempt = attempt
        locator.locate { [unowned self] (result: LauncherAnswer) in
            guard attempt == self.attempt else { return }
            switch result {
            case .found(let endpoint, let how):
                status.set(.connecting(how))
                use(endpoint)
                ask(Gate(), attempt)
            case .none(let why): status.set(.none(why))
            case .absent(let why):
                status.set(.none(why))
                retryLater()
            case .failed(let why): lost(why)
            }
        }
    }

    private func use(_ endpoint: UpstreamEndpoint) {
        guard clients.isEmpty || endpoint != self.endpoint else { return }
        self.endpoint = endpoint
        let origin = HTTPOrigin(host: endpoint.host, port: endpoint.port)
        for purpose in Purpose.allCases { clients[purpose] = HTTPClient(loop: loop, origin: origin) }
    }

    private func ask(_ gate: Gate, _ attempt: Int, _ answers: [UpstreamAnswer] = []) {
        var gate = gate
        switch gate.next(answers) {
        case .send(let requests):
            send(requests, within: Self.gateTimeout) { [unowned self, gate] answers in
                if attempt == self.attempt { ask(gate, attempt, answers) }
            }
        case .wait(let duration):
            _ = loop.schedule(after: duration) { [unowned self, gate] in if attempt == self.attempt { ask(gate, attempt) } }
        case .checkpoint: ask(gate, attempt)
        case .done(let answer): follow(answer, attempt)
        case .failed(let failure): lost("\(failure)")
        }
    }

    // Following.

    private func follow(_ answer: GateAnswer, _ attempt: Int) {
        guard let client = clients[.reading], let endpoint else { return }
        if let warning = answer.warning { logger.warning("upstream version", [("what", warning)]) }
        decoder = SSEDecoder(frameBytes: Limits.upstreamFrameBytes)
        let request = endpoint.request(answer.adapter.streamRequest)
        stream = client.stream(
            request, headTimeout: Self.gateTimeout,
            onHead: { [unowned self] head in if attempt == self.attempt { opened(head, answer) } },
            onBody: { [unowned self] bytes in if attempt == self.attempt { received(bytes) } },
            onEnd: { [unowned self] error in if attempt == self.attempt { lost(error.map { "\($0)" } ?? "the stream ended") } })
        watch = SilenceWatch(limit: answer.adapter.silenceLimit, now: loop.now)
        checkSilence()
    }

    private func opened(_ head: HTTPResponseHead, _ answer: GateAnswer) {
        guard head.status == 200, head.headers["content-type"]?.hasPrefix("text/event-stream") == true else {
            return lost("the stream answered \(head.status)")
        }
        adapter = answer.adapter
        version = answer.version
        (openedAt, isGreeted) = (loop.now, false)
        onEvent(.subscribed(answer.adapter))
        awaitGreeting()
    }

    /// A stream that is not read cannot greet.
    private func awaitGreeting() {
        let attempt = attempt
        greeting = loop.schedule(after: Self.greetingLimit) { [unowned self] in
            guard attempt == self.attempt, !isGreeted else { return }
            if watch?.isPaused == true { awaitGreeting() } else { lost("the stream does not greet") }
        }
    }

    /// Nothing is believed, and nobody told that OpenCode is there, before its greeting.
    private func noteGreeting() {
        guard !isGreeted, adapter != nil, hasGreeted() else { return }
        isGreeted = true
        status.set(.connected(version: version, endpoint: endpoint?.description ?? ""))
        logger.info("upstream connected", [("version", version)])
    }

    private func received(_ bytes: Span<UInt8>) {
        watch?.heard(at: loop.now)
        decoder.receive(bytes)
        while adapter != nil {
            switch decoder.next() {
            case .frame(let frame):
                noteHealth()
                onEvent(.frame(frame.data))
                noteGreeting()
            case .comment:
                noteHealth()
                onEvent(.heard)
            case .oversize(let bytes): onEvent(.oversizeFrame(bytes: bytes))
            case .needMore: return
            }
        }
    }

    /// Comments count: where nobody works, 2.x says nothing else.
    private func noteHealth() {
        if isGreeted, loop.now - openedAt >= healthyAfter { backoff.reset() }
    }

    private func checkSilence() {
        if let silence { loop.cancel(silence) }
        silence = nil
        guard let watch, let remaining = watch.remaining(at: loop.now) else { return }
        if remaining == .zero { return lost("silent for \(watch.limit)") }
        silence = loop.schedule(after: remaining) { [unowned self] in checkSilence() }
    }

    private func lost(_ why: String) {
        guard !isStopped else { return }
        let wasFollowing = adapter != nil
        attempt += 1
        close()
        if wasFollowing { onEvent(.ended) }
        status.set(.away(why))
        logger.warning("upstream away", [("why", why)])
        retryLater()
    }

    private func retryLater() {
        retry = loop.schedule(after: backoff.next(using: &random)) { [unowned self] in connect() }
    }

    // Asking REST.

    /// Sends side by side; `done` gets all answers in the requests' order.
    public func send(
        _ requests: [UpstreamRequest], for purpose: Purpose = .reading, within limit: Duration = requestTimeout,
        _ done: @escaping ([UpstreamAnswer]) -> Void
    ) {
        guard let client = clients[purpose], let endpoint, !requests.isEmpty else {
            return done(requests.map { _ in .unreachable(mayHaveArrived: false) })
        }
        var answers = [UpstreamAnswer?](repeating: nil, count: requests.count)
        var missing = requests.count
        for (place, request) in requests.enumerated() {
            _ = client.request(endpoint.request(request), timeout: limit, maxBodyBytes: Self.answerBytes) { result in
                answers[place] = UpstreamAnswer(result)
                missing -= 1
                if missing == 0 { done(answers.map { $0 ?? .unreachable(mayHaveArrived: true) }) }
            }
        }
    }
}

extension UpstreamAnswer {
    init(_ result: Result<HTTPResponse, HTTPClientError>) {
        switch result {
        case .success(let response):
            let isJSON = response.head.headers["content-type"]?.hasPrefix("application/json") == true
            self = .answered(
                status: response.head.status, isJSON: isJSON, headers: response.head.headers.map { (name: $0.name, value: $0.value) },
                body: response.body)
        case .failure(let error):
            switch error.reason {
            case .unreadable(let failure) where failure.code == "too_large": self = .tooLarge
            case .timedOut where error.mayHaveArrived: self = .late
            default: self = .unreachable(mayHaveArrived: error.mayHaveArrived)
            }
        }
    }
}
