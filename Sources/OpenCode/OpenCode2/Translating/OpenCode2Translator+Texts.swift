// Texts and reasonings. A part is known by message, kind and ordinal; its end brings the whole text, so nothing is gathered here.

import RelayProtocol
import Wire

extension OpenCode2Translator {
    enum Moment { case started, delta, ended }

    /// `kind` is `t` or `r`.
    mutating func spoken(_ moment: Moment, _ kind: Character, _ frame: OpenCode2Frame, _ data: JSONValue) {
        guard let id = data["assistantMessageID"]?.string, isHeld(id) else { return }
        let number = data["ordinal"]?.int ?? nextOrdinal(moment, kind, id)
        let highest = messages[id]?.ordinals[kind] ?? 0
        messages[id]?.ordinals[kind] = max(highest, number)
        let part = OpenCode2Words.partID(id, kind, number)
        switch moment {
        case .started: begin(part, of: id, kind, at: frame.created)
        case .delta: grow(part, of: id, kind, data["delta"])
        case .ended: end(part, of: id, kind, data["text"], at: frame.created)
        }
    }

    private func nextOrdinal(_ moment: Moment, _ kind: Character, _ id: String) -> Int {
        guard let last = messages[id]?.ordinals[kind] else { return 0 }
        // Wraps: upstream may have named the highest integer itself.
        return moment == .started ? last &+ 1 : last
    }

    private mutating func begin(_ part: String, of id: String, _ kind: Character, at time: Int, isIncomplete: Bool = false) {
        if let known = messages[id]?.parts[part], !known.isOfEarlierTry, !known.isUnheard { return }
        // One that a read found differs from what the log has, and is said, where the log has it as one that misses its beginning.
        let isReasoning = kind == "r"
        var spoken = OpenCode2Words.Spoken(id: part, message: id, isReasoning: isReasoning, isOpen: true, isIncomplete: isIncomplete)
        spoken.started = isReasoning && !isIncomplete ? time : nil
        say(part: PartRead(id: part, object: spoken.object), of: id, as: .streaming(started: spoken.started))
    }

    /// A delta of a part whose start was not heard opens it: its first words are missing.
    private mutating func grow(_ part: String, of id: String, _ kind: Character, _ delta: JSONValue?) {
        if messages[id]?.parts[part] == nil { begin(part, of: id, kind, at: 0, isIncomplete: true) }
        guard let text = delta?.rawText, !text.isEmpty, case .streaming? = messages[id]?.parts[part]?.state else { return }
        if messages[id]?.parts[part]?.isUnheard == true { messages[id]?.parts[part]?.isUnheard = false }
        say(.delta(part: part, text: text))
    }

    private mutating func end(_ part: String, of id: String, _ kind: Character, _ text: JSONValue?, at time: Int) {
        var started: Int?
        switch messages[id]?.parts[part]?.state {
        case .streaming(let time)?: started = time
        case .whole?, .tool?: return
        case nil: break
        }
        var spoken = OpenCode2Words.Spoken(id: part, message: id, isReasoning: kind == "r", text: text?.rawText ?? [])
        if kind == "r" { (spoken.started, spoken.ended) = (started ?? time, time) }
        say(part: PartRead(id: part, object: spoken.object), of: id)
    }
}
