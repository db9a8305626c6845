// What the checks ask of a scripted OpenCode beside its API: what reached it, and what it has said.

import RelayProtocol
import Wire

@testable import ScriptedOpenCode

protocol SimulatedAgent: ScriptedAgent, AskingAgent {
    static var streamTarget: String { get }
    static var creating: String { get }
    static func prompting(_ session: String, _ text: String) -> (target: String, body: String)
    /// The id of the prompt that a POST to this target brings.
    static func prompt(_ target: String, _ body: JSONValue) -> String?

    var sessionIDs: [String] { get }
    /// It is there, delivered or waiting.
    func count(ofPrompt id: String) -> Int
    /// Nothing of it waits any more.
    func isDelivered(_ prompt: String) -> Bool
    /// Steps that answer it.
    func steps(answering prompt: String) -> Int
    /// Sessions in which a text streams that has begun to be said.
    var streaming: [String] { get }
    /// What a death would cut short.
    var unfinished: CutShort { get }
}

/// Messages that had no end when OpenCode died, and those of their texts that were being said.
struct CutShort {
    var messages: Set<String> = []
    var texts: Set<String> = []

    mutating func formUnion(_ other: CutShort) {
        messages.formUnion(other.messages)
        texts.formUnion(other.texts)
    }
}

extension ScriptedRun {
    /// What is being stopped says nothing more.
    var isSpeaking: Bool { !isAborted && openParts.contains { !$0.heard.isEmpty } }
}

extension ScriptedAgent1: SimulatedAgent {
    static var streamTarget: String { "/global/event" }
    static var creating: String { "/session" }

    static func prompting(_ session: String, _ text: String) -> (target: String, body: String) {
        ("/session/\(session)/prompt_async", #"{"parts":[{"type":"text","text":"\#(text)"}]}"#)
    }

    static func prompt(_ target: String, _ body: JSONValue) -> String? {
        target.hasSuffix("/prompt_async") ? body["messageID"]?.string : nil
    }

    var sessionIDs: [String] { sessions.keys.sorted() }
    func count(ofPrompt id: String) -> Int { sessions.values.reduce(0) { $0 + $1.messages.count { $0.id == id } } }
    /// The same ids again are an upsert.
    func isDelivered(_ prompt: String) -> Bool { false }
    func steps(answering prompt: String) -> Int { sessions.values.reduce(0) { $0 + $1.messages.count { $0.parent == prompt } } }
    var streaming: [String] { sessionIDs.filter { sessions[$0]?.run?.isSpeaking == true } }
    var unfinished: CutShort {
        sessions.values.reduce(into: CutShort()) { all, session in
            guard let place = session.openMessage, let run = session.run else { return }
            let message = session.messages[place]
            all.messages.insert(message.id)
            all.texts.formUnion(run.openParts.map { message.parts[$0.place].id })
        }
    }
}

extension ScriptedAgent2: SimulatedAgent {
    static var streamTarget: String { "/api/event" }
    static var creating: String { "/api/session" }

    static func prompting(_ session: String, _ text: String) -> (target: String, body: String) {
        ("/api/session/\(session)/prompt", #"{"text":"\#(text)"}"#)
    }

    static func prompt(_ target: String, _ body: JSONValue) -> String? { target.hasSuffix("/prompt") ? body["id"]?.string : nil }

    var sessionIDs: [String] { sessions.keys.sorted() }
    func count(ofPrompt id: String) -> Int {
        sessions.values.reduce(0) { $0 + $1.rows.count { $0.id == id } + $1.inbox.count { $0.id == id } }
    }
    func isDelivered(_ prompt: String) -> Bool { sessions.values.contains { $0.rows.contains { $0.id == prompt } } }
    /// It does not say which prompt a step answers.
    func steps(answering prompt: String) -> Int { 0 }
    var streaming: [String] { sessionIDs.filter { sessions[$0]?.run?.isSpeaking == true } }
    /// Its parts have no ids: the adapter counts them, kind by kind.
    var unfinished: CutShort {
        sessions.values.reduce(into: CutShort()) { all, session in
            guard let place = session.openRow, let run = session.run else { return }
            let message = session.rows[place].id
            all.messages.insert(message)
            all.texts.formUnion(run.openParts.map { "\(message).\($0.key.kind == .text ? "t" : "r")\($0.key.ordinal)" })
        }
    }
}
