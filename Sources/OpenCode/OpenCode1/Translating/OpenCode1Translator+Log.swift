// What a translator takes from the log's fold when it begins.

import RelayProtocol
import Wire

extension OpenCode1Translator {
    mutating func take(_ held: FoldedSession) {
        isRemoved = held.isRemoved
        isKnown = held.session != nil || !held.messages.isEmpty
        born = held.session?["created"]?.int
        row = held.session.map(OpenCode1Words.RowPrint.init)
        if known.directory == nil { known.directory = held.session?["directory"]?.string }
        status = held.status
        turn = held.turns.last
        tasksPrint = held.tasks.map { Fingerprint($0.raw) }
        for message in held.messages { take(message) }
        takeCards(held)
    }

    private mutating func take(_ held: FoldedMessage) {
        var message = OpenCode1Message(held.object)
        message.created = held.created
        for part in held.parts {
            message.parts[part.id] = OpenCode1KnownPart(part.object, grown: part.output)
            message.parts[part.id]?.isUnheard = part.object["incomplete"]?.bool == true && part.currentText.isEmpty
            let isCompaction = part.object["type"]?.says("compaction") == true
            if isCompaction, part.object["state"]?.says("running") == true { compaction = (part.id, Array(part.object.raw)) }
        }
        messages.add(held.id, message)
        if message.isAssistant, isTurnOpen, message.turn == turn?.number { known.run.last = held.id }
    }

    /// Only the session's own: a root's topic shows its children's cards too.
    private mutating func takeCards(_ held: FoldedSession) {
        for card in held.permissions where card.object["session"]?.string == session {
            permissions.append((card.id, Fingerprint(card.object.raw)))
        }
        for card in held.questions where card.object["session"]?.string == session {
            questions.append((card.id, Self.isMultiple(card.object)))
        }
    }
}
