// Plain topics: publish, list, remove.

import EventLog
import RelayProtocol
import Wire

struct TopicRoutes {
    let request: Request
    let owner: ServerLoop

    func handle(_ route: Route) {
        do {
            switch route {
            case .topics: try list()
            case .publish(let topic): try publish(topic)
            case .deleteTopic(let topic): delete(topic)
            default: request.responder.send(Problem(.notFound))
            }
        } catch { request.responder.send((error as? HTTPFault)?.problem ?? error as? Problem ?? Problem(.internal)) }
    }

    private func list() throws {
        let limit = try request.head.number("limit", 1...Limits.mostListRows) ?? Limits.listRows
        let cursor = request.head.queryItem("cursor")
        if let cursor, TopicName(cursor) == nil { throw Problem(.badRequest, "cursor is not one that an answer gave") }
        let responder = request.responder
        owner.services.read { snapshot -> [UInt8]? in
            let found = try snapshot.topics(after: cursor, limit: limit + 1)
            let lines = try found.prefix(limit).map { try Self.entry($0.name, $0.state, snapshot) }
            return JSONWriter.object { writer in
                writer.key("topics")
                writer.array { list in for line in lines { list.raw(line) } }
                if found.count > limit { writer.member("cursor", found[limit - 1].name.text) }
            }
        } _: {
            responder.send($0, orElse: .internal)
        }
    }

    private static func entry(_ name: TopicName, _ state: TopicState, _ snapshot: LogSnapshot) throws -> [UInt8] {
        let first = try snapshot.first(state)
        return JSONWriter.object { writer in
            writer.member("topic", name.text)
            writer.member("kind", "\(name.kind)")
            writer.member("first", first.description)
            writer.member("head", state.head.description)
        }
    }

    private func delete(_ topic: TopicName) {
        let responder = request.responder
        owner.services.log.delete(topic) { result in
            switch result {
            case .success(true): responder.send(HTTPAnswer(204))
            case .success(false): responder.send(Problem(.notFound))
            case .failure: responder.send(Problem(.storageFailed))
            }
        }
    }

    private func publish(_ topic: TopicName) throws {
        let isBatch = try Self.isBatch(request.head)
        let key = try Self.key(request.head)
        let (services, responder, body, figures) = (owner.services, request.responder, request.body, owner.figures)
        let prepare: @Sendable ([UInt8]) throws -> AppendRequest = { body in
            let idempotency = key.map { IdempotencyKey(key: $0, bodyHash: SHA256.hash(body)) }
            return AppendRequest([Append(topic: topic, events: try Self.events(body, isBatch), idempotency: idempotency)]) {
                Self.reply($0, responder, figures)
            }
        }
        if Services.isInline(body) { return owner.publish(try prepare(body)) }
        services.work(on: body, prepare) { result in
            switch result {
            case .failure(let error): responder.send(error as? Problem ?? Problem(.internal))
            case .success(let request): services.log.append(each: [request])
            }
        }
    }

    private static func reply(_ result: Result<[Appended], LogError>, _ responder: Responder, _ figures: ServerFigures) {
        switch result {
        case .failure(.idempotencyConflict): responder.send(Problem(.idempotencyConflict))
        case .failure(.overloaded): responder.send(Problem(.overloaded))
        case .failure(let error): responder.send(Problem(.storageFailed, error.description))
        case .success(let all):
            guard let appended = all.first else { return responder.send(Problem(.internal)) }
            if !appended.isReplay { figures.published.add(appended.count) }
            responder.send(
                .json(
                    JSONWriter.object { writer in
                        writer.member("first", rawText: appended.first.text)
                        writer.member("last", rawText: appended.last.text)
                        writer.member("count", appended.count)
                    }))
        }
    }

    private static func isBatch(_ head: HTTPRequestHead) throws -> Bool {
        guard let field = head.headers["content-type"], field != "application/json" else { return false }
        let content = ContentType(field)
        guard content.isUTF8 else { throw Problem(.unsupportedMediaType, "charset: a body is UTF-8") }
        switch content.type {
        case "application/json": return false
        case "application/x-ndjson": return true
        default: throw Problem(.unsupportedMediaType, "application/json is one event, application/x-ndjson many")
        }
    }

    private static func key(_ head: HTTPRequestHead) throws -> String? {
        guard let key = head.headers["idempotency-key"] else { return nil }
        let isVisible = key.utf8.allSatisfy { (UInt8(ascii: "!")...UInt8(ascii: "~")).contains($0) }
        guard isVisible, (1...Limits.idempotencyKeyBytes).contains(key.utf8.count) else {
            throw Problem(.badRequest, "Idempotency-Key is 1 to \(Limits.idempotencyKeyBytes) visible ASCII characters")
        }
        return key
    }

    /// The body's events, each checked and on one line.
    private static func events(_ body: [UInt8], _ isBatch: Bool) throws -> [Event] {
        guard isBatch else { return [try event(body[...], line: nil)] }
        var events: [Event] = []
        var (start, number) = (0, 0)
        while start < body.count {
            let end = body.span.firstIndex(of: UInt8(ascii: "\n"), from: start) ?? body.count
            let line = body[start..<end]
            (start, number) = (end + 1, number + 1)
            if line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) { continue }
            guard events.count < Limits.batchEvents else {
                throw Problem(.payloadTooLarge, "a batch is at most \(Limits.batchEvents) events")
            }
            events.append(try event(line, line: number))
        }
        guard !events.isEmpty else { throw Problem(.invalidJSON, "there is no event") }
        return events
    }

    private static func event(_ bytes: ArraySlice<UInt8>, line: Int?) throws -> Event {
        // Put together only where it is said: in a batch that costs as much as reading the event.
        func refusal(_ code: ProblemCode, _ why: String) -> Problem { Problem(code, (line.map { "line \($0): " } ?? "") + why) }
        guard bytes.count <= Limits.eventBytes else {
            throw refusal(.payloadTooLarge, "an event is at most \(Limits.eventBytes) bytes")
        }
        do {
            let line = Array(bytes)
            let raw = try JSON.parse(line, depth: Limits.depth).raw
            return Event(.plain, payload: JSON.onOneLine(raw.count == line.count ? line : Array(raw)))
        } catch { throw refusal(.invalidJSON, "\(error.reason) at byte \(error.offset)") }
    }
}

extension String {
    var trimmedSpaces: String {
        let space = UInt8(ascii: " ")
        guard let first = utf8.firstIndex(where: { $0 != space }), let last = utf8.lastIndex(where: { $0 != space }) else { return "" }
        return String(self[first...last])
    }
}
