// The session's row: kept, changed field by field, said whole. What only moves `updated` is not said; sums wait for the turn's end.

import RelayProtocol
import Wire

extension OpenCode2Translator {
    mutating func created(_ frame: OpenCode2Frame, _ data: JSONValue) {
        if isGone || row == nil { begin() }
        row = OpenCode2Row(created: data, of: session, at: frame.created)
        directory = data["location"]?["directory"]?.string ?? directory
        sayRow()
    }

    /// A session that is new, or new under an old id.
    private mutating func begin() {
        isGone = false
        saidRow = nil
        saidUpdated = nil
    }

    /// Rows and messages are a copy that no event tells.
    mutating func forked() {
        begin()
        wish(.read)
    }

    /// OpenCode ends the run before it deletes; if that was not heard, it is over all the same.
    mutating func deleted() {
        if run.isOpen || run.isUndecided { endTurn(.interrupted) } else { withdrawCards() }
        isGone = true
        run.isForgotten = true
        sequence = nil
        readThrough = nil
        inbox = OpenCode2Inbox()
        say(.sessionRemoved())
    }

    mutating func changeRow(_ frame: OpenCode2Frame, _ change: (inout OpenCode2Row) -> Void) {
        guard var changed = row else { return wish(.read) }
        change(&changed)
        changed.updated = max(changed.updated, frame.created)
        row = changed
        sayRow()
    }

    mutating func usageUpdated(_ data: JSONValue) {
        guard row != nil else { return }
        row?.cost = data["cost"].bytes
        row?.tokens = OpenCode2Words.tokens(data["tokens"])
        sayRow()
    }

    mutating func sayRow(isTurnOver: Bool = false) {
        guard let row else { return }
        let now = (essence: row.essence, sums: row.sums)
        let isDue = saidRow?.essence != now.essence || (saidRow?.sums != now.sums && (isTurnOver || !(run.isOpen || run.isUndecided)))
        guard isDue else { return }
        saidRow = now
        saidUpdated = row.updated
        say(.session(session, row.object))
    }

    mutating func moved(_ frame: OpenCode2Frame, _ data: JSONValue) {
        let previous = row?.directory
        let place = data["location"]?["directory"]
        directory = place?.string ?? directory
        if let id = frame.rowID {
            var message = OpenCode2Message(id: id, role: .system, created: frame.created)
            message.extra = OpenCode2Words.extra([("metadata", frame.metadata)])
            say(whole: .init(message: message, parts: [OpenCode2Words.change(id, directory: place.bytes, previous: previous)]))
        }
        changeRow(frame) { $0.directory = place.bytes ?? $0.directory }
        wish(.read)
    }

    /// Agent or model, of the prompts to come.
    mutating func selected(_ frame: OpenCode2Frame, _ data: JSONValue) {
        let (agent, model) = (data["agent"].bytes, OpenCode2Words.model(data["model"]))
        if let id = frame.rowID {
            var message = OpenCode2Message(id: id, role: .system, created: frame.created)
            message.extra = OpenCode2Words.extra([("metadata", frame.metadata)])
            let said = agent != nil ? data["previous"].bytes : OpenCode2Words.model(data["previous"])
            let previous = said ?? (agent != nil ? row?.agent : row?.model)
            say(whole: .init(message: message, parts: [OpenCode2Words.change(id, agent: agent, model: model, previous: previous)]))
        }
        changeRow(frame) { row in
            row.agent = agent ?? row.agent
            row.model = model ?? row.model
        }
    }

    /// Messages from `to` on are gone; so is what was put into the inbox behind them.
    mutating func revertCommitted(_ frame: OpenCode2Frame, _ data: JSONValue) {
        if let removed = data["to"]?.string.flatMap(messages.tail) {
            for id in removed {
                messages.remove(id)
                say(.messageRemoved(id))
            }
        } else {
            wish(.read)
        }
        if !inbox.items.isEmpty { wish(.read) }
        changeRow(frame) { $0.revert = nil }
    }
}
