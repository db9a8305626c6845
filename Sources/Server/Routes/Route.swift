// What a request asks for: path and method become one of these (`RouteTable`), or a problem.

import RelayProtocol

enum Route {
    case asset(String)
    /// The page's folder without its slash: the page's own links would lead beside it.
    case folder(String)
    case health, ready, metrics, surface
    case sessions, createSession
    case session(String)
    case messages(String)
    case children(String)
    case tasks(String)
    case digest(String)
    case command(session: String, String)
    case chat(String)
    case stop(String)
    case permission(session: String, String)
    case question(session: String, String)
    case topics
    case publish(TopicName)
    case deleteTopic(TopicName)
    case blob(TopicName, hash: String, isSession: Bool)
    case websocket(SubscriptionTarget)
    case events(EventsRead)

    /// Asked without a token.
    var isOpen: Bool {
        switch self {
        case .asset, .folder, .health, .ready: true
        default: false
        }
    }

    /// A subscription: it lasts until somebody leaves.
    var staysOpen: Bool {
        switch self {
        case .websocket: true
        case .events(let read): read.isStream
        default: false
        }
    }

    var bodyLimit: Int {
        switch self {
        case .publish, .chat: Limits.bodyBytes
        case .createSession, .stop, .permission, .question: Limits.commandBodyBytes
        default: 0
        }
    }
}
