// Commands over HTTP: a body becomes a request of the command service; what that says becomes the answer. `id` in the body or `Idempotency-Key`.

import EventLog
import Foundation
import RelayProtocol
import Sessions
import Wire

struct CommandRoutes {
    private static let by = "owner"

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
            case .command(let id, let command): state(of: command, under: id)
            default: request.responder.send(Problem(.notFound))
            }
        } catch { request.responder.send(error as? Problem ?? Problem(.internal)) }
    }

    private func chat(_ session: String) throws {
        if request.head.headers["accept"]?.contains("text/event-stream") == true {
            throw Problem(.notAcceptable, "a turn as a stream is not served yet: subscribe to the session")
        }
        let (services, responder, key) = (owner.services, request.responder, request.head.headers["idempotency-key"])
        services.work(on: request.body) { body in
            try Self.withKey(key, CommandRequest(prompt: .parse(body), session: session, by: Self.by))
        } _: { asked in
            switch asked {
            case .failure(let error): responder.send(error as? Problem ?? Problem(.internal))
            case .success(let asked): Self.submit(asked, services, responder)
            }
        }
    }

    private func submit(_ asked: CommandRequest) throws {
        Self.submit(try Self.withKey(request.head.headers["idempotency-key"], asked), owner.services, request.responder)
    }

    private static func submit(_ asked: CommandRequest, _ services: Services, _ responder: Responder) {
        services.commands.submit(asked) { result in
            switch result {
            case .failure(let problem): responder.send(problem)
            case .success(let answer): responder.send(answer.problem.map { .problem($0) } ?? .json(answer.json, status: 202))
            }
        }
    }

    private static func withKey(_ key: String?, _ asked: CommandRequest) throws -> CommandRequest {
        guard asked.id == nil, let key else { return asked }
        guard let id = CommandID(key) else { throw Problem(.invalidCommandID) }
        var asked = asked
        asked.id = id
        return asked
    }

    private func state(of command: String, under session: String) {
        let responder = request.responder
        owner.services.commands.state(of: command, by: Self.by, under: session) { found in
            responder.send(found.map { $0?.json }, orElse: .notFound)
        }
    }

    // Creating.

    /// A directory that is named is looked at on a thread of nobody's: one on a mount that hangs is never answered, and must hold up neither a
    /// loop nor the log's readers. What was found is judged by the command service, and only of a create that it does not know: a retry is
    /// answered whatever has become of the directory.
    private func create(_ body: CreateBody) {
        let (services, responder, by) = (owner.services, request.responder, Self.by)
        let key = request.head.headers["idempotency-key"]
        let id = body.id ?? key.flatMap(CommandID.init)
        if id == nil, key != nil { return responder.send(Problem(.invalidCommandID)) }
        let wait = CreateWait(services, responder)
        @Sendable func asked(_ directory: Result<String, Problem>) -> CommandRequest {
            var asked = CommandRequest(create: body, directory: directory, by: by)
            asked.id = id
            return asked
        }
        let late = Problem(.requestTimeout, "the directory could not be looked at in time")
        owner.loop.schedule(after: owner.options.createPatience) { wait.giveUp(orSubmit: asked(.failure(late))) }
        look(at: body.directory) { wait.submit(asked($0)) }
    }

    /// The first root, where no directory is named: there is nothing to look at.
    private func look(at directory: String?, _ found: @Sendable @escaping (Result<String, Problem>) -> Void) {
        let roots = owner.services.roots
        guard let directory else { return found(roots.first.map { .success($0) } ?? .failure(Problem(.directoryOutsideRoots))) }
        DispatchQueue.global().async { found(Self.directory(directory, roots: roots)) }
    }

    /// The directory with its links resolved, if it is below a root.
    private static func directory(_ asked: String, roots: [String]) -> Result<String, Problem> {
        let path = URL(fileURLWithPath: asked).resolvingSymlinksInPath().path
        var isDirectory: ObjCBool = false
        let isThere = unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
        guard isThere, roots.contains(where: { path == $0 || path.hasPrefix($0 == "/" ? "/" : $0 + "/") }) else {
            return .failure(Problem(.directoryOutsideRoots))
        }
        return .success(path)
    }
}
