// Parts that stream when they are read and whose beginning nobody heard: the log says so of them, and the translator goes on from what the log
// says. Where the beginning is heard after all (its frame waits for the read), it says the part anew, without the mark.

import OpenCode
import RelayProtocol
import Wire

extension SessionRead {
    /// As the log will have it: `incomplete` stands in each part that streams and misses words, for a read has none of one that streams.
    func markingUnheard(held: FoldedSession, acrossOutage: Bool) -> SessionRead {
        let isRunning = acrossOutage || status.map { $0 != .idle } ?? false
        let known = Dictionary(held.messages.map { ($0.id, $0.parts) }) { first, _ in first }
        var marked = self
        for place in messages.indices {
            let held = known[messages[place].id] ?? []
            marked.messages[place].parts = messages[place].parts.map { part in
                let before = held.first { $0.id == part.id }
                let isUnheard = before.map { acrossOutage || $0.object["incomplete"]?.bool == true } ?? isRunning
                return isUnheard ? part.markedIfOpen : part
            }
        }
        return marked
    }
}

extension PartRead {
    fileprivate var markedIfOpen: PartRead {
        guard let value = try? JSON.parse(object), value["open"]?.bool == true else { return self }
        let marked = JSONWriter.object { writer in
            for (key, member) in value.members where key != "incomplete" {
                writer.key(named: key)
                writer.raw(member.raw)
            }
            writer.member("incomplete", true)
        }
        return PartRead(id: id, object: marked)
    }
}
