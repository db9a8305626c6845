// Reads of sessions: each answer is made in one read transaction on a reader's thread.

import EventLog
import Reactor
import RelayProtocol
import Sessions
import Wire

struct SessionRoutes {
    let request: Request
    let owner: ServerLoop

    func handle(_ route: Route) {
        do throws(HTTPFault) {
            switch route {
            case .sessions: try list()
            case .session(let id): open(id)
            case .messages(let id): try messages(id)
            case .children(let id): answer { try SessionReads.children(id, in: $0) }
            case .tasks(let id): answer { try SessionReads.tasks(id, in: $0) }
            case .digest(let id): digest(id)
            case .blob(let topic, let hash, let isSession): blob(topic, hash, isSession)
            default: request.responder.send(Problem(.notFound))
            }
        } catch { request.responder.send(.problem(error.problem, headers: error.headers)) }
    }

    private func answer(orElse missing: ProblemCode = .unknownSession, _ read: @escaping @Sendable (LogSnapshot) throws -> [UInt8]?) {
        let responder = request.responder
        owner.services.read(read) { responder.send($0, orElse: missing) }
    }

    private func list() throws(HTTPFault) {
        let head = request.head
        let limit = try head.number("limit", 1...Limits.mostListRows) ?? Limits.listRows
        let query = SessionListQuery(
            archived: try head.flag("archived"), search: head.queryItem("search"), cursor: head.queryItem("cursor"), limit: limit
        )
        answer { try SessionReads.list(query, in: $0) }
    }

    private func messages(_ id: String) throws(HTTPFault) {
        let limit = try request.head.number("limit", 1...Limits.mostPageMessages) ?? Limits.pageMessages
        let before = request.head.queryItem("before")
        answer { try SessionReads.messages(id, before: before, limit: limit, in: $0) }
    }

    /// The first open has the session's newest messages imported; it waits for that a while, then answers what there is.
    private func open(_ id: String) {
        let (responder, services) = (request.responder, owner.services)
        let race = AnswerRace<Bool>()
        race.begin { isImported in
            services.read {
                try SessionReads.open(id, isImported: isImported ?? false, in: $0)
            } _: {
                responder.send($0, orElse: .unknownSession)
            }
        }
        owner.loop.schedule(after: .seconds(Limits.importSeconds)) { race.giveUp() }
        owner.services.open(id) { race.finish($0) }
    }

    private func digest(_ id: String) {
        let responder = request.responder
        owner.services.readSlowly {
            try SessionReads.digest(id, in: $0)
        } _: {
            responder.send($0, orElse: .unknownSession)
        }
    }

    /// What the log has under a hash; of a session, else what an answer has cut out, which takes longer to find.
    private func blob(_ topic: TopicName, _ hash: String, _ isSession: Bool) {
        let (responder, services) = (request.responder, owner.services)
        services.read {
            try $0.blob(topic, hash)
        } _: { stored in
            guard isSession, case .success(nil) = stored else { return Self.send(stored, responder) }
            services.readSlowly {
                try SessionReads.cutOut(hash, of: topic.text, in: $0)
            } _: {
                Self.send($0, responder)
            }
        }
    }

    private static func send(_ result: Result<(mime: String?, bytes: [UInt8])?, Problem>, _ responder: Responder) {
        switch result {
        case .failure(let problem): responder.send(problem)
        case .success(nil): responder.send(Problem(.notFound))
        case .success(let found?):
            let headers: HTTPHeaders = [
                "content-type": found.mime ?? "text/plain; charset=utf-8", "cache-control": "private, max-age=31536000, immutable",
                "content-security-policy": "sandbox",
            ]
            responder.send(HTTPAnswer(200, headers: headers, body: found.bytes))
        }
    }
}
