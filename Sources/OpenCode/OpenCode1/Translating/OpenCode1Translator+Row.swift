// The session itself: its row, its end, its list of tasks, and what it says about itself that we have no word for.

import RelayProtocol
import Wire

extension OpenCode1Translator {
    mutating func created(_ properties: JSONValue) {
        guard let info = properties["info"] else { return }
        if isRemoved { row = nil }
        isRemoved = false
        known.isWhole = true
        sayRow(info)
    }

    mutating func rowChanged(_ properties: JSONValue) {
        guard let info = properties["info"] else { return }
        sayRow(info)
    }

    private mutating func sayRow(_ info: JSONValue) {
        if let directory = info["directory"]?.string { known.directory = directory }
        isKnown = true
        born = info["time"]?["created"]?.int
        let object = OpenCode1Words.row(info, of: session)
        guard let value = try? JSON.parse(object) else { return }
        let print = OpenCode1Words.RowPrint(value)
        if print == row {
            waitingRow = nil
        } else if print.identity == row?.identity, isTurnOpen {
            waitingRow = (object, print)
        } else {
            say(row: object, print)
        }
    }

    private mutating func say(row object: [UInt8], _ print: OpenCode1Words.RowPrint) {
        row = print
        waitingRow = nil
        say(.session(session, object))
    }

    mutating func sayWaitingRow() {
        if let waiting = waitingRow { say(row: waiting.object, waiting.print) }
    }

    mutating func deleted() {
        guard isKnown else { return forget() }
        if isTurnOpen { end(.interrupted) } else { withdrawCards() }
        waitingRow = nil
        forget()
        say(.sessionRemoved())
    }

    /// The session is gone upstream: what still comes of it is dropped.
    mutating func forget() {
        isRemoved = true
        messages.removeAll()
        compaction = nil
        known.prompts = []
        known.sequence = nil
        known.isWhole = false
    }

    mutating func tasksChanged(_ list: [UInt8]) {
        let print = Fingerprint(list)
        guard print != tasksPrint else { return }
        tasksPrint = print
        say(.tasks(list))
    }

    /// Said only where it says something new.
    mutating func diff(_ properties: JSONValue, _ frame: JSONValue) {
        guard let diff = properties["diff"], !diff.items.isEmpty else { return }
        let print = Fingerprint(diff.raw)
        guard print != diffPrint else { return }
        diffPrint = print
        say(.upstream(OpenCode1Words.carried(frame)))
    }
}
