// What the log holds, taken over at the start: so the record can stay small.

import RelayProtocol
import Wire

extension OpenCode2Translator {
    mutating func adopt(_ held: FoldedSession) {
        run.turn = held.turns.last
        if run.isOpen { run.isUndecided = false }
        status = held.status
        isGone = held.isRemoved
        if let object = held.session {
            let row = OpenCode2Row(held: object, of: session)
            self.row = row
            saidRow = (row.essence, row.sums)
            saidUpdated = row.updated
        }
        for message in held.messages { adopt(message) }
        permissions = cards(held.permissions)
        questions = cards(held.questions)
        saidQueue = held.queue.map { Fingerprint($0.raw) }
        saidTasks = held.tasks.map { Fingerprint($0.raw) }
    }

    mutating func adopt(_ record: OpenCode2Record) {
        if let waiting = record.waiting {
            row?.updated = waiting.updated
            row?.cost = waiting.cost
            row?.tokens = waiting.tokens
        }
        for (message, hash) in record.snapshots { messages[message]?.snapshot = hash }
    }

    private mutating func adopt(_ held: FoldedMessage) {
        guard let open = OpenCode2Open(held: held) else { return }
        if open.isWhole, !run.isOpen || open.message.turn != run.turn?.number { messages.place(open.message) } else { messages.add(open) }
    }

    /// A root's topic shows its children's cards too: those are theirs.
    private func cards(_ held: [FoldedCard]) -> [OpenCode2Card] {
        held.filter { ($0.object["session"]?.string ?? session) == session }
            .map { OpenCode2Card(id: $0.id, said: Fingerprint($0.object.raw)) }
    }
}
