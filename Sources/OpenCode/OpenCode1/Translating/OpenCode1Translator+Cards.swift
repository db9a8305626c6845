// Permissions and questions. A card is open from its request to its reply, at the latest to the end of the turn that asked. 1.18 goes on
// listing (and answering for) requests whose run was aborted: a reply to what is no card here is not said, unless a read took the card away
// while the frame was held: the frame knows better what became of it.

import RelayProtocol
import Wire

extension OpenCode1Translator {
    mutating func permissionAsked(_ request: JSONValue) {
        guard let id = request["id"]?.string else { return }
        ask(permission: id, OpenCode1Words.permission(request))
    }

    mutating func ask(permission id: String, _ object: [UInt8]) {
        let print = Fingerprint(object)
        if permissions.contains(where: { $0.id == id && $0.print == print }) { return }
        permissions.removeAll { $0.id == id }
        permissions.append((id, print))
        say(.permission(id, object))
    }

    mutating func permissionReplied(_ properties: JSONValue) {
        guard let id = (properties["requestID"] ?? properties["permissionID"])?.string,
            unlisted.removeValue(forKey: id) != nil || permissions.contains(where: { $0.id == id })
        else { return }
        permissions.removeAll { $0.id == id }
        say(.permissionClosed(id, reply: (properties["reply"] ?? properties["response"])?.string ?? "withdrawn"))
    }

    mutating func questionAsked(_ request: JSONValue) {
        guard let id = request["id"]?.string else { return }
        ask(question: id, OpenCode1Words.question(request))
    }

    mutating func ask(question id: String, _ object: [UInt8]) {
        guard !questions.contains(where: { $0.id == id }) else { return }
        questions.append((id, Self.isMultiple(try? JSON.parse(object))))
        say(.question(id, object))
    }

    mutating func questionClosed(_ properties: JSONValue, isAnswered: Bool) {
        guard let id = properties["requestID"]?.string,
            let isMultiple = unlisted.removeValue(forKey: id) ?? questions.first(where: { $0.id == id })?.isMultiple
        else { return }
        questions.removeAll { $0.id == id }
        let answer = isAnswered ? properties["answers"].map { OpenCode1Words.answer($0, isMultiple: isMultiple) } : nil
        say(.questionClosed(id, outcome: isAnswered ? "answered" : "rejected", answer: answer))
    }

    mutating func withdrawCards() {
        withdraw(permissions: permissions.map(\.id))
        withdraw(questions: questions.map(\.id))
    }

    mutating func withdraw(permissions ids: [String]) {
        for id in ids { say(.permissionClosed(id, reply: "withdrawn")) }
        permissions.removeAll { ids.contains($0.id) }
    }

    mutating func withdraw(questions ids: [String]) {
        for id in ids { say(.questionClosed(id, outcome: "withdrawn")) }
        questions.removeAll { ids.contains($0.id) }
    }

    /// For each field of a question in our words.
    static func isMultiple(_ question: JSONValue?) -> [Bool] {
        (question?["fields"]?.items ?? []).map { $0["type"]?.says("multiselect") == true }
    }
}
