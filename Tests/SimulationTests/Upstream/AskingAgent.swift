// What the checks ask of a scripted OpenCode about what it asks, and how people answer it and stop it: its own routes, read again.

import RelayProtocol
import Wire

@testable import ScriptedOpenCode

protocol AskingAgent {
    /// Cards whose run waits for them, and which session asks.
    var openCards: [String: String] { get }
    /// The same, and those of runs that are over: a reply takes them all the same.
    var listedCards: [String: String] { get }
    /// The prompts that the session's run answers, or has still to answer; none where nothing runs, or what runs is being stopped.
    func running(_ session: String) -> [String]
    /// The card that a request answers, and how.
    static func reply(_ method: String, _ target: String, _ body: JSONValue?) -> (card: String, said: CardReply)?
    /// The session that a request stops.
    static func stopped(_ method: String, _ target: String) -> String?
    /// A reply that was given at OpenCode's own terminal.
    static func replying(_ card: String, of session: String, _ word: String) -> (target: String, body: String)
}

/// The names of a target's path.
private func path(_ target: String) -> [String] { target.prefix { $0 != "?" }.split(separator: "/").map(String.init) }

extension ScriptedAgent1: AskingAgent {
    var openCards: [String: String] {
        let asked = permissions.map { ($0.id, $0.session, $0.call) } + questions.map { ($0.id, $0.session, $0.call) }
        return asked.reduce(into: [:]) { open, card in
            guard let run = sessions[card.1]?.run, !run.isAborted, run.calls.contains(where: { $0.id == card.2 }) else { return }
            open[card.0] = card.1
        }
    }

    var listedCards: [String: String] {
        let asked = permissions.map { ($0.id, $0.session) } + questions.map { ($0.id, $0.session) }
        return Dictionary(asked) { first, _ in first }
    }

    func running(_ session: String) -> [String] {
        guard let row = sessions[session], let run = row.run, !run.isAborted else { return [] }
        return ([run.prompt] + row.waiting).filter { !$0.isEmpty }
    }

    static func reply(_ method: String, _ target: String, _ body: JSONValue?) -> (card: String, said: CardReply)? {
        let path = path(target)
        guard method == "POST", path.count == 3 else { return nil }
        switch (path[0], path[2]) {
        case ("permission", "reply"): return (path[1], CardReply(verb: body?["reply"]?.string ?? "", words: body?["message"]?.string))
        case ("question", "reply"):
            return (path[1], CardReply(verb: "answered", words: body?["answers"]?.items.first?.items.first?.string))
        case ("question", "reject"): return (path[1], CardReply(verb: "rejected"))
        default: return nil
        }
    }

    static func stopped(_ method: String, _ target: String) -> String? {
        let path = path(target)
        return method == "POST" && path.count == 3 && path[0] == "session" && path[2] == "abort" ? path[1] : nil
    }

    static func replying(_ card: String, of session: String, _ word: String) -> (target: String, body: String) {
        card.hasPrefix("per")
            ? ("/permission/\(card)/reply", #"{"reply":"\#(word)"}"#) : ("/question/\(card)/reply", #"{"answers":[["\#(word)"]]}"#)
    }
}

extension ScriptedAgent2: AskingAgent {
    var openCards: [String: String] { listedCards.filter { sessions[$0.value]?.run?.isAborted == false } }

    var listedCards: [String: String] {
        sessions.values.reduce(into: [:]) { listed, session in
            for permission in session.permissions { listed[permission.id] = session.id }
            for form in session.forms where form.state == .pending { listed[form.id] = session.id }
        }
    }

    func running(_ session: String) -> [String] {
        // Until its first prompt is delivered the newest one is that of the run before.
        guard let row = sessions[session], let run = row.run, !run.isAborted, !run.script.rounds.isEmpty else { return [] }
        return row.rows.last { $0.type == "user" }.map { [$0.id] } ?? []
    }

    static func reply(_ method: String, _ target: String, _ body: JSONValue?) -> (card: String, said: CardReply)? {
        let path = path(target)
        guard path.count >= 5, path[1] == "session" else { return nil }
        switch (method, path[3], path.count) {
        case ("POST", "permission", 6): return (path[4], CardReply(verb: body?["decision"]?.string ?? "", words: body?["message"]?.string))
        case ("POST", "form", 6): return (path[4], CardReply(verb: "answered", words: body?["answer"]?["q0"]?.string))
        case ("DELETE", "form", 5): return (path[4], CardReply(verb: "rejected"))
        default: return nil
        }
    }

    static func stopped(_ method: String, _ target: String) -> String? {
        let path = path(target)
        return method == "POST" && path.count == 4 && path[3] == "interrupt" ? path[2] : nil
    }

    static func replying(_ card: String, of session: String, _ word: String) -> (target: String, body: String) {
        let route = "/api/session/\(session)/"
        return card.hasPrefix("per")
            ? (route + "permission/\(card)/reply", #"{"decision":"\#(word)"}"#)
            : (route + "form/\(card)/reply", #"{"answer":{"q0":"\#(word)"}}"#)
    }
}
