// The Swift client of Reprise: subscribes to topics and comes back after any interruption at exactly the next event; sends commands under
// one id until they are answered. One event loop of its own; safe to use from any thread or task.

import Reactor
import RelayProtocol
import Wire

public final class RepriseClient: Sendable {
    let server: ServerAddress
    let token: String
    let options: RepriseOptions
    private let thread: LoopThread
    let mailbox: Mailbox<ClientCommand>

    /// `url` as `http://HOST:PORT` with an optional path prefix.
    public init(url: String, token: String, options: RepriseOptions = RepriseOptions()) throws(RepriseError) {
        guard let server = ServerAddress(url) else { throw .badURL(url) }
        self.server = server
        self.token = token
        self.options = options
        let mailbox = Mailbox<ClientCommand>(capacity: 1 << 16)
        self.mailbox = mailbox
        thread = EventLoop.spawn(name: "reprise-client") { loop in
            let agent = ClientAgent(loop: loop, server: server, token: token, options: options)
            loop.attach(mailbox) { commands in for command in commands { agent.carryOut(command) } }
        }
    }

    /// Ends every subscription and the loop. What is asked afterwards fails.
    public func close() { mailbox.post(always: .close) }

    deinit { thread.stop() }

    // Requests.

    /// One request, once.
    public func request(_ method: String, _ path: String, body: [UInt8]? = nil, headers: [(String, String)] = []) async throws(RepriseError)
        -> [UInt8]
    {
        let response: HTTPResponse
        do { response = try await exchange(method, path, body: body, headers: headers, timeout: options.requestTimeout) } catch {
            throw error.reason
        }
        if let problem = RepriseError(response) { throw problem }
        return response.body
    }

    private func exchange(
        _ method: String, _ path: String, body: [UInt8]?, headers: [(String, String)], timeout: Duration
    ) async throws(FailedExchange) -> HTTPResponse {
        var fields = HTTPHeaders()
        fields.add("authorization", "Bearer \(token)")
        if body != nil, !headers.contains(where: { $0.0.lowercased() == "content-type" }) { fields.add("content-type", "application/json") }
        for (name, value) in headers { fields.add(name, value) }
        let request = HTTPRequest(method: method, target: server.prefix + path, headers: fields, body: body ?? [])
        let result: Result<HTTPResponse, FailedExchange> = await withCheckedContinuation { continuation in
            let pending = PendingRequest { continuation.resume(returning: .failure(FailedExchange(.closed))) }
            _ = mailbox.post(always: .request(request, timeout: timeout, pending) { continuation.resume(returning: $0) })
        }
        return try result.get()
    }

    public func get(_ path: String) async throws(RepriseError) -> [UInt8] { try await request("GET", path) }

    /// A command: `body` is a JSON object, to which an `id` is added if it has none. Sent again under that id until it is answered.
    public func command(_ path: String, body: [UInt8]) async throws(RepriseError) -> [UInt8] {
        try await insist(path, body: Self.withID(body), Patience(options))
    }

    /// A new session, in the server's own directory if none is given: its id. Asked for under one id until OpenCode has made it; an answer that
    /// it is on its way (202) is none yet.
    public func create(directory: String? = nil, title: String? = nil, id: String = RepriseClient.newID()) async throws(RepriseError)
        -> String
    {
        let body = JSONWriter.object { writer in
            writer.member("id", id)
            writer.member("directory", directory)
            writer.member("title", title)
        }
        var patience = Patience(options)
        patience.each += Self.createWait
        let answer = try await insist("/v1/sessions", body: body, patience) { response in
            response.head.status == 202 ? .underWay("OpenCode has not made the session yet") : nil
        }
        guard let id = (try? JSON.parse(answer, depth: Limits.lineDepth))?["id"]?.string else { throw .badAnswer("it names no session") }
        return id
    }

    public func prompt(session: String, _ text: String, id: String? = nil) async throws(RepriseError) -> [UInt8] {
        let body = JSONWriter.object { writer in
            writer.member("id", id)
            writer.member("content", text)
        }
        return try await command("/v1/sessions/\(PercentEncoding.encode(session))/chat", body: body)
    }

    /// Ends the turn that runs, or this one and no other. Without a turn it is tried for `unnamedStopTimeout` only.
    public func stop(session: String, turn: Int? = nil) async throws(RepriseError) -> [UInt8] {
        var patience = Patience(options)
        if turn == nil { patience.limit(to: options.unnamedStopTimeout) }
        let body = JSONWriter.object { writer in
            writer.member("id", Self.newID())
            writer.member("turn", turn)
        }
        return try await insist("/v1/sessions/\(PercentEncoding.encode(session))/stop", body: body, patience)
    }

    /// Publishes lines (NDJSON) to a plain topic, once, however often the way breaks.
    public func publish(topic: String, lines: [UInt8], key: String = RepriseClient.newID()) async throws(RepriseError) -> [UInt8] {
        try await insist(
            "/v1/topics/\(PercentEncoding.encode(topic))/events", body: lines,
            headers: [("content-type", "application/x-ndjson"), ("idempotency-key", key)], Patience(options))
    }

    /// How long a server holds the answer to a create.
    private static let createWait = Duration.seconds(30)

    /// - Parameter refusal: why a success is not the answer that is waited for.
    private func insist(
        _ path: String, body: [UInt8], headers: [(String, String)] = [], _ patience: Patience,
        unless refusal: @Sendable (HTTPResponse) -> RepriseError? = { _ in nil }
    ) async throws(RepriseError) -> [UInt8] {
        let clock = ContinuousClock()
        let end = clock.now + patience.all
        var backoff = Backoff(base: options.backoffBase, cap: options.backoffCap)
        var random: any RandomNumberGenerator = SystemRandomNumberGenerator()
        var mayHaveArrived = false
        while true {
            var (reason, wait): (RepriseError, Duration)
            do {
                let response = try await exchange("POST", path, body: body, headers: headers, timeout: patience.each)
                guard let problem = RepriseError(response) ?? refusal(response) else { return response.body }
                (reason, wait) = (problem, response.head.retryAfter ?? .zero)
            } catch {
                (reason, wait) = (error.reason, .zero)
                mayHaveArrived = mayHaveArrived || error.mayHaveArrived
            }
            wait += backoff.next(using: &random)
            let isTriedAgain = reason.isWorthAnotherTry && clock.now + wait < end && !Task.isCancelled
            if isTriedAgain {
                options.onWait?(reason)
                try? await Task.sleep(for: wait)
            }
            // A machine that slept meanwhile comes too late, and a task that was cancelled wants nothing more.
            guard isTriedAgain, clock.now < end, !Task.isCancelled else {
                // Any other answer was given by somebody who knows the id, or would.
                if mayHaveArrived, reason.isWorthAnotherTry { options.onLostAnswer?() }
                throw reason
            }
        }
    }

    // Ids.

    /// An id for a command: unique, of the characters that ids may have.
    public static func newID() -> String {
        let letters = Array("0123456789abcdefghijklmnopqrstuvwxyz")
        return "c" + String((0..<24).map { _ in letters[Int.random(in: 0..<36)] })
    }

    private static func withID(_ body: [UInt8]) -> [UInt8] {
        guard let value = try? JSON.parse(body), value.isObject, value["id"] == nil else { return body }
        return JSONWriter.object { writer in
            writer.member("id", newID())
            for (key, member) in value.members where key != "id" {
                writer.key(named: key)
                writer.raw(member.raw)
            }
        }
    }
}
