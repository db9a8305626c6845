// The inbox: what waits, and what a run takes up.

import RelayProtocol
import Wire

extension OpenCode2Translator {
    mutating func inbox(_ type: String, _ frame: OpenCode2Frame, _ data: JSONValue) {
        guard let id = data["inboxID"]?.string else { return }
        switch type {
        case "session.inbox.enqueued": enqueued(id, frame, data["item"])
        case "session.inbox.delivered": delivered(id, frame)
        case "session.inbox.cancelled":
            inbox.remove(id)
            sayQueue()
        case "session.inbox.delivery.changed":
            inbox.setDelivery(id, data["delivery"].bytes)
            sayQueue()
        default: say(.upstream(OpenCode2Words.carried(frame.whole)))
        }
    }

    private mutating func enqueued(_ id: String, _ frame: OpenCode2Frame, _ item: JSONValue?) {
        changeRow(frame) { _ in }
        // A read has overtaken this frame: it is a message already.
        guard let item, !messages.isKnown(id) else { return }
        inbox.add(
            OpenCode2Inbox.Item(
                id: id, type: item["type"]?.string ?? "", created: frame.created, delivery: item["delivery"].bytes,
                payload: item["payload"]?.copied()))
        sayQueue()
    }

    private mutating func delivered(_ id: String, _ frame: OpenCode2Frame) {
        let item = inbox.remove(id)
        sayQueue()
        guard item?.type != "compaction", item?.type != "move" else { return }
        if let payload = item?.payload {
            let mapped =
                item?.type == "synthetic"
                ? OpenCode2Words.system(id, frame.created, payload, metadata: payload["metadata"])
                : OpenCode2Words.user(id, frame.created, payload, metadata: payload["metadata"])
            say(whole: mapped)
        } else if !messages.isKnown(id) {
            wish(.read)
        }
        takeUp(id)
    }

    mutating func sayQueue() {
        let queue = inbox.queue
        let print = Fingerprint(queue)
        guard print != saidQueue ?? Fingerprint("[]".utf8) else { return }
        saidQueue = print
        say(.queue(queue))
    }
}
