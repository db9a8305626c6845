// From a route to whoever answers it.

import EventLog
import RelayProtocol
import Wire

extension Route {
    func handle(_ request: Request, _ owner: ServerLoop) {
        switch self {
        case .asset(let path): OperatorRoutes.asset(path, request, owner.services)
        case .folder(let path): request.responder.send(HTTPAnswer(308, headers: ["location": path]))
        case .health: request.responder.send(HTTPAnswer(200, headers: ["content-type": "text/plain"], body: Array("ok\n".utf8)))
        case .ready: OperatorRoutes.readiness(request, owner)
        case .surface: request.responder.send(.json(OpenAPIDocument.json))
        case .metrics: OperatorRoutes.metrics(request, owner.services)
        case .sessions, .session, .messages, .children, .tasks, .digest, .blob: SessionRoutes(request: request, owner: owner).handle(self)
        case .createSession, .chat, .stop, .permission, .question, .command: CommandRoutes(request: request, owner: owner).handle(self)
        case .topics, .publish, .deleteTopic: TopicRoutes(request: request, owner: owner).handle(self)
        case .websocket:
            request.responder.send(.problem(Problem(.upgradeRequired), headers: ["upgrade": "websocket", "connection": "upgrade"]))
        case .events(let read): request.connection.page = owner.subscriptions.answerPage(read, request.responder)
        }
    }
}
