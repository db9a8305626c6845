// What the log folds to, beside what OpenCode gives when it is asked.

import OpenCode
import RelayProtocol
import Wire

struct UpstreamCheck {
    /// Of a text among these the log may have more than OpenCode, never the other way round; of a message among them it may know an end
    /// that OpenCode does not.
    let cutShort: CutShort

    func differences(_ fold: FoldedSession, _ read: SessionRead) -> [String] {
        // The scripted agent lists what it was given in one millisecond as it came, the log by id.
        let (mine, theirs) = (fold.messages.sorted { $0.id < $1.id }, read.messages.sorted { $0.id < $1.id })
        guard mine.map(\.id) == theirs.map(\.id) else {
            return ["the log has messages \(mine.map(\.id)), OpenCode \(theirs.map(\.id))"]
        }
        let isIdle = read.status == .idle
        let turn = isIdle && (fold.openTurn != nil || fold.status != .idle) ? ["a turn is open, in OpenCode nothing runs"] : []
        return turn + zip(mine, theirs).flatMap { differences($0, $1) }
    }

    private func differences(_ held: FoldedMessage, _ read: MessageRead) -> [String] {
        guard let object = try? JSON.parse(read.object) else { return ["\(read.id) is not JSON"] }
        var found: [String] = []
        if held.object["role"]?.string != object["role"]?.string { found.append("\(read.id) has another role") }
        let isCut = cutShort.messages.contains(read.id)
        if (held.object["completed"] == nil) != (object["completed"] == nil), !isCut {
            found.append("\(read.id) is completed in one only")
        }
        let ids = held.parts.map(\.id)
        if ids != read.parts.map(\.id) { found.append("\(read.id) has parts \(ids), in OpenCode \(read.parts.map(\.id))") }
        for part in read.parts {
            guard let mine = held.parts.first(where: { $0.id == part.id }), let value = try? JSON.parse(part.object) else { continue }
            found += differences(part.id, mine, value, isCut: isCut)
        }
        return found
    }

    private func differences(_ id: String, _ held: FoldedPart, _ read: JSONValue, isCut: Bool) -> [String] {
        let isTextCut = cutShort.texts.contains(id)
        let text = (held.object["text"]?.rawText.map { Array($0) } ?? []) + held.text
        let given = read["text"]?.rawText.map { Array($0) } ?? []
        let agrees = text == given || isTextCut && text.starts(with: given)
        var found =
            agrees ? [] : ["\(id) says \(String(decoding: text, as: UTF8.self)), in OpenCode \(String(decoding: given, as: UTF8.self))"]
        if held.object["open"]?.bool != read["open"]?.bool, !isTextCut { found.append("\(id) streams in one only") }
        if held.object["incomplete"] != nil, !isTextCut { found.append("\(id) misses words") }
        if held.object["state"]?.string != read["state"]?.string, !isCut { found.append("\(id) has another state") }
        return found
    }

    /// Asks OpenCode as ingest does, at once.
    static func read(_ session: String, _ adapter: any UpstreamAdapter, _ ask: (UpstreamRequest) -> UpstreamAnswer) -> SessionRead? {
        var exchange = adapter.readSession(session, directory: nil, until: nil, limit: 1000)
        var answers: [UpstreamAnswer] = []
        while true {
            switch exchange.next(answers) {
            case .send(let requests): answers = requests.map(ask)
            case .wait, .checkpoint: answers = []
            case .done(let read): return read
            case .failed: return nil
            }
        }
    }
}
