// P5, of each text in the log at each moment: if it is not said to miss words, it has all of them from its beginning.

import RelayProtocol
import Wire

struct TextCheck {
    /// Everything that the simulated OpenCode ever says, in words of a model.
    let texts: [[UInt8]]

    init(_ texts: [String]) { self.texts = texts.map { Array($0.utf8) } }

    func fault(_ fold: FoldedSession, after event: Event) -> String? {
        let payload = event.kind == .part || event.kind == .delta ? try? JSON.parse(event.payload) : nil
        guard let id = (event.kind == .part ? payload?["part"]?["id"] : payload?["part"])?.string else { return nil }
        for message in fold.messages.reversed() where message.object["role"]?.says("assistant") == true {
            guard let part = message.parts.first(where: { $0.id == id }) else { continue }
            return isWhole(part)
                ? nil : "P5: words of \(id) are missing and nobody says so: \(String(decoding: part.currentText, as: UTF8.self))"
        }
        return nil
    }

    private func isWhole(_ part: FoldedPart) -> Bool {
        guard let type = part.object["type"], type.says("text") || type.says("reasoning"), part.object["incomplete"] == nil else {
            return true
        }
        let text = part.currentText
        return texts.contains { $0.starts(with: text) }
    }
}
