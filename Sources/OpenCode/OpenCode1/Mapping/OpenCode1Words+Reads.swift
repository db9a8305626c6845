// Messages as REST lists them, `{info, parts}`. A compaction's own part does not say how it went: the summary that answers it does.

import RelayProtocol
import Wire

extension OpenCode1Words {
    /// Oldest first. In an older page the last compaction is over, although its summary stands in the next page.
    static func messages(_ list: [JSONValue], directory: String?, isOlder: Bool = false) -> [MessageRead] {
        var summaries: [String: OpenCode1Compaction] = [:]
        for entry in list {
            guard let info = entry["info"], info["summary"]?.bool == true, let prompt = info["parentID"]?.string else { continue }
            if let error = info["error"] {
                summaries[prompt] = .failed(self.error(error))
            } else if info["time"]?["completed"] != nil {
                summaries[prompt] = .completed
            }
        }
        return list.compactMap { message($0, directory: directory, summaries, otherwise: isOlder ? .completed : .running) }
    }

    private static func message(
        _ entry: JSONValue, directory: String?, _ summaries: [String: OpenCode1Compaction], otherwise state: OpenCode1Compaction
    ) -> MessageRead? {
        guard let info = entry["info"], let id = info["id"]?.string else { return nil }
        let parts: [PartRead] = (entry["parts"]?.items ?? []).compactMap { part in
            guard case .part(let part) = self.part(part, directory: directory, compaction: summaries[id] ?? state) else { return nil }
            return PartRead(id: part.id, object: part.whole)
        }
        return MessageRead(
            id: id, created: info["time"]?["created"]?.int ?? 0, object: message(info, created: nil, turn: nil), parts: parts)
    }
}
