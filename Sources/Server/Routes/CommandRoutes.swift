// Commands over HTTP: a body becomes a request of the desk; what the desk says becomes the answer. `id` in the body or `Idempotency-Key`.

import EventLog
import Foundation
import RelayProtocol
import Sessions
import Wire

struct CommandRoutes {
    private static let by = "owner"
    /// How long a create waits for its session.
    private static let createPatience = Duration.seconds(30)

    let request: Request
    let owner: ServerLoop

    func handle(_ route: Route) {
        do {
            switch route {
            case .createSession: create(try CreateBody.parse(request.body))
            case .chat(let id): try chat(id)
            case .stop(let id): try submit(CommandRequest(stop: .parse(request.body), session: id, by: Self.by))
            case .permission(let id, let card): try submit(CommandRequest(permission: card, .parse(request.body), session: id, by: Self.by))
            case .question(let id, let card): try submit(CommandRequest(question: card, .parse(request.body), session: id, by: Self.by))
            case .command(let id, let command): state(CommandKey(session: id, by: Self.by, id: command))
            default: request.responder.send(Problem(.notFound))
            }
        } catch { request.responder.send(error as? Problem ?? Problem(.internal)) }
    }

    private func chat(_ session: String) throws {
        if request.head.headers["accept"]?.contains("text/event-stream") == true {
            throw Problem(.notAcceptable, "a turn as a stream is not served yet: subscribe to the session")
        }
        try submit(CommandRequest(prompt: .parse(request.body), session: session, by: Self.by))
    }

    private func submit(_ asked: CommandRequest) throws {
        let responder = request.responder
        owner.services.desk.submit(try withKey(asked)) { result in
            switch result {
            case .failure(let problem): responder.send(problem)
            case .success(let answer): responder.send(answer.problem.map { .problem($0) } ?? .json(answer.json, status: 202))
            }
        }
    }

    private func withKey(_ asked: CommandRequest) throws -> CommandRequest {
        guard asked.id == nil, let key = request.head.headers["idempotency-key"] else { return asked }
        guard let id = CommandID(key) else { throw Problem(.invalidCommandID) }
        var asked = asked
        asked.id = id
        return asked
    }

    private func state(_ key: CommandKey) {
        let responder = request.responder
        owner.services.desk.state(of: key) { found in
            switch found {
            case .failure(let problem): responder.send(problem)
            case .success(nil): responder.send(Problem(.notFound))
            case .success(let answer?): responder.send(.json(answer.json))
            }
        }
    }

    // Creating.

    /// The directory is looked at on a reader's thread, because a loop does not touch the disk. What was found is judged by the desk, and only
    /// of a create that it does not know: a retry is answered whatever has become of the directory.
    private func create(_ body: CreateBody) {
        let (services, responder, by) = (owner.services, request.responder, Self.by)
        let key = request.head.headers["idempotency-key"]
        let id = body.id ?? key.flatMap(CommandID.init)
        if id == nil, key != nil { return responder.send(Problem(.invalidCommandID)) }
        let race = AnswerRace<CommandAnswer>()
        owner.loop.schedule(after: Self.createPatience) { race.giveUp() }
        services.read { _ in
            Self.directory(body.directory, roots: services.roots)
        } _: { result in
            switch result {
            case .failure(let problem): responder.send(problem)
            case .success(let directory):
                var asked = CommandRequest(create: body, directory: directory, by: by)
                asked.id = id
                Self.create(asked, services, responder, race)
            }
        }
    }

    private static func create(_ asked: CommandRequest, _ services: Services, _ responder: Responder, _ race: AnswerRace<CommandAnswer>) {
        services.desk.submit(asked) { result in
            switch result {
            case .failure(let problem): responder.send(problem)
            case .success(let answer) where answer.state.isFinal: created(answer, services, responder)
            case .success(let answer):
                let key = CommandKey(session: nil, by: asked.by, id: answer.id)
                // OpenCode is slow, or away: the client asks for the command later.
                race.begin { settled in
                    if let settled { created(settled, services, responder) } else { responder.send(.json(answer.json, status: 202)) }
                }
                services.desk.whenSettled(key) { race.finish($0) }
            }
        }
    }

    private static func created(_ answer: CommandAnswer, _ services: Services, _ responder: Responder) {
        if let problem = answer.problem { return responder.send(problem) }
        guard let id = answer.createdSession else { return responder.send(.json(answer.json, status: 202)) }
        services.read {
            try SessionReads.row(id, in: $0)
        } _: { result in
            let row = (try? result.get()) ?? nil
            responder.send(
                HTTPAnswer(
                    201, headers: ["content-type": "application/json", "location": "/v1/sessions/\(id)", "cache-control": "no-store"],
                    body: row ?? JSONWriter.object { $0.member("id", id) }))
        }
    }

    /// The directory with its links resolved, if it is below a root.
    private static func directory(_ asked: String?, roots: [String]) -> Result<String, Problem> {
        guard let asked else { return roots.first.map { .success($0) } ?? .failure(Problem(.directoryOutsideRoots)) }
        let path = URL(fileURLWithPath: asked).resolvingSymlinksInPath().path
        var isDirectory: ObjCBool = false
        let isThere = unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
        guard isThere, roots.contains(where: { path == $0 || path.hasPrefix($0 == "/" ? "/" : $0 + "/") }) else {
            return .failure(Problem(.directoryOutsideRoots))
        }
        return .success(path)
    }
}
