// Who did what: replies and prompts of ours, so that the events that tell of them say by whom.
//
// A prompt's message has an id that we chose, so it can only be ours. A card may be answered by anybody, and upstream's stream tells of an
// answer before our own request is answered: then that frame waits, shortly, until it is known whose answer it was. What it tells is kept as
// long as the reply is under way: where our own answer was lost, it says what became of the card.

import RelayProtocol
import Wire

struct Attribution: Sendable {
    /// Objects whose actor is remembered; beyond, all are forgotten.
    static let limit = 10_000
    /// A frame waits so long for the outcome of a reply; then it is told without a name (ms).
    static let patience: Int64 = 5_000

    private struct Actor: Sendable {
        var by: String
        var session: String?
        /// It was done.
        var isSure: Bool
        /// Nobody waits for its outcome any longer: it has no name.
        var isGivenUp = false
        /// By what the card was closed since.
        var closing: [UInt8]?
    }

    private var actors: [String: Actor] = [:]
    /// Objects with a reply under way, by session.
    private var underWay: [String: Set<String>] = [:]

    mutating func begin(_ object: String, session: String?, by: String) {
        if actors.count >= Self.limit { self = Attribution() }
        guard actors[object] == nil else { return }
        actors[object] = Actor(by: by, session: session, isSure: false)
        if let session { underWay[session, default: []].insert(object) }
    }

    /// Gives the session whose frames may go on.
    mutating func end(_ object: String, succeeded: Bool) -> String? {
        guard let actor = actors[object] else { return nil }
        if succeeded, !actor.isGivenUp { actors[object]?.isSure = true } else { actors[object] = nil }
        guard !actor.isGivenUp else { return nil }
        settle(object, of: actor.session)
        return actor.session
    }

    /// Nobody waits any longer: what was under way in this session has no name.
    mutating func giveUp(_ session: String) {
        for object in underWay.removeValue(forKey: session) ?? [] { actors[object]?.isGivenUp = true }
    }

    func closing(of object: String) -> [UInt8]? { actors[object]?.closing }

    func isUnderWay(in session: String) -> Bool { !underWay.isEmpty && underWay[session] != nil }

    /// These events tell of an answer that may be ours or somebody else's.
    mutating func areUncertain(_ events: [Event], in session: String) -> Bool {
        guard let objects = underWay[session] else { return false }
        let answers = events.filter { Self.isAnswer($0) && objects.contains($0.id ?? "") }
        for answer in answers { note(answer) }
        return !answers.isEmpty
    }

    private mutating func note(_ answer: Event) {
        guard let id = answer.id, actors[id]?.isSure == false else { return }
        actors[id]?.closing = answer.payload
    }

    mutating func attributed(_ event: Event) -> Event {
        guard !actors.isEmpty, event.by == nil, let id = event.id, let actor = actors[id] else { return event }
        if Self.isAnswer(event) { note(event) }
        guard event.kind == .message || actor.isSure && Self.isAnswer(event) else { return event }
        actors[id] = nil
        settle(id, of: actor.session)
        var event = event
        event.by = actor.by
        return event
    }

    private mutating func settle(_ object: String, of session: String?) {
        guard let session, underWay[session]?.remove(object) != nil, underWay[session]?.isEmpty == true else { return }
        underWay[session] = nil
    }

    /// A card that was withdrawn was answered by nobody.
    private static func isAnswer(_ event: Event) -> Bool {
        guard event.kind == .permissionClosed || event.kind == .questionClosed else { return false }
        let payload = try? JSON.parse(event.payload)
        return (payload?["reply"] ?? payload?["outcome"])?.says("withdrawn") != true
    }
}
