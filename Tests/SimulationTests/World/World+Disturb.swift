// What comes from outside and what goes wrong.

import EventLog
import RelayProtocol

extension World {
    func disturb() {
        let weights = [plan.publishes, plan.cuts, plan.kills, plan.stalls, plan.removals, 10]
        var place = dice.number(0...weights.reduce(0, +) - 1)
        let what = weights.firstIndex { weight in
            defer { place -= weight }
            return place < weight
        }
        tell("disturbance \(what ?? -1)")
        switch what {
        case 0: if openCode == nil { bringEvents() } else { disturbUpstream() }
        case 1: dice.pick(clients)?.lose()
        case 2: kill()
        case 3: if let client = dice.pick(clients) { client.isStalled = !client.isStalled }
        case 4: remove()
        default: if clients.count < 12 { subscribe() }
        }
    }

    private func bringEvents() {
        guard let topic = dice.pick(plan.topics) else { return }
        switch topic.kind {
        case .plain: startPublishing(topic)
        case .session: life?.log.requests.post(.append([Append(topic: topic, events: sessionEvents())]) { _ in })
        case .opencode, .lobby: life?.log.requests.post(.append([Append(topic: topic, events: serverEvents())]) { _ in })
        }
    }

    private func startPublishing(_ topic: TopicName) {
        published += 1
        let count = dice.number(1...4)
        let payloads = (0..<count).map { "\"k\(published)/\($0) \(padding())\"" }
        publishings.append(Publishing(topic: topic, key: "k\(published)", payloads: payloads))
    }

    private func padding() -> String {
        let most = dice.chance(perMille: 30) ? plan.eventBytes * 8 : plan.eventBytes
        return String(repeating: "x", count: dice.number(0...most))
    }

    private func serverEvents() -> [Event] {
        published += 1
        return (0..<dice.number(1...4)).map { .notice(kind: "test", text: "n\(published)/\($0) \(padding())") }
    }

    private func sessionEvents() -> [Event] {
        published += 1
        let message = "msg_\(dice.number(1...9))"
        return [
            .status(dice.chance(perMille: 500) ? .busy : .idle),
            .message(message, Array(#"{"id":"\#(message)","role":"user","created":\#(published)}"#.utf8)),
            .part("\(message).t0", Array(#"{"id":"\#(message).t0","message":"\#(message)","type":"text","text":"\#(padding())"}"#.utf8)),
        ].suffix(dice.number(1...3))
    }

    private func remove() {
        guard let life, let topic = dice.pick(plan.topics.filter { $0.kind == .plain }) else { return }
        life.log.requests.post(.delete(topic) { _ in })
    }
}
