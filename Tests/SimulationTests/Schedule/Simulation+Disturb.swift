// What comes from outside and what goes wrong.

import EventLog
import RelayProtocol

extension Simulation {
    func disturb() {
        let weights = [plan.publishes, plan.cuts, plan.kills, plan.stalls, plan.removals, 10]
        var place = random.number(0...weights.reduce(0, +) - 1)
        let what = weights.firstIndex { weight in
            defer { place -= weight }
            return place < weight
        }
        tell("disturbance \(what ?? -1)")
        switch what {
        case 0: if openCode == nil { bringEvents() } else { disturbUpstream() }
        case 1: random.pick(clients)?.lose()
        case 2: kill()
        case 3: if let client = random.pick(clients) { client.isStalled = !client.isStalled }
        case 4: remove()
        default: if clients.count < 12 { subscribe() }
        }
    }

    private func bringEvents() {
        guard let topic = random.pick(plan.topics) else { return }
        switch topic.kind {
        case .plain: startPublishing(topic)
        case .session: life?.log.requests.post(.append([Append(topic: topic, events: sessionEvents())]) { _ in })
        case .opencode, .lobby: life?.log.requests.post(.append([Append(topic: topic, events: serverEvents())]) { _ in })
        }
    }

    private func startPublishing(_ topic: TopicName) {
        published += 1
        let count = random.number(1...4)
        let payloads = (0..<count).map { "\"k\(published)/\($0) \(padding())\"" }
        publishings.append(Publishing(topic: topic, key: "k\(published)", payloads: payloads))
    }

    private func padding() -> String {
        let most = random.chance(perMille: 30) ? plan.eventBytes * 8 : plan.eventBytes
        return String(repeating: "x", count: random.number(0...most))
    }

    private func serverEvents() -> [Event] {
        published += 1
        return (0..<random.number(1...4)).map { .notice(kind: "test", text: "n\(published)/\($0) \(padding())") }
    }

    private func sessionEvents() -> [Event] {
        published += 1
        let message = "msg_\(random.number(1...9))"
        return [
            .status(random.chance(perMille: 500) ? .busy : .idle),
            .message(message, Array(#"{"id":"\#(message)","role":"user","created":\#(published)}"#.utf8)),
            .part("\(message).t0", Array(#"{"id":"\#(message).t0","message":"\#(message)","type":"text","text":"\#(padding())"}"#.utf8)),
        ].suffix(random.number(1...3))
    }

    private func remove() {
        guard let life, let topic = random.pick(plan.topics.filter { $0.kind == .plain }) else { return }
        life.log.requests.post(.delete(topic) { _ in })
    }
}
