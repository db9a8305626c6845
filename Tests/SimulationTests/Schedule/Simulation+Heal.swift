// The end of a schedule: nothing goes wrong any more, and everything that was promised must come.

import RelayProtocol

extension Simulation {
    private static let patience = 100_000

    func heal() {
        isHealing = true
        if life == nil { startLife() }
        openCode?.restart()
        // Who stands still delays nobody.
        wait("with \(clients.count(where: \.isStalled)) of \(clients.count) who read nothing") { $0.isStalled }
        for client in clients { client.isStalled = false }
        wait("after all read again") { _ in false }
        guard violation == nil else { return }
        checkPublished()
        checkUpstream()
        leave()
    }

    private func wait(_ when: String, except: (ClientModel) -> Bool) {
        var left = Self.patience
        while violation == nil, left > 0 {
            left -= 1
            step()
            guard isQuiet, let disk = life?.log.disk else { continue }
            if clients.allSatisfy({ $0.isOver || except($0) || $0.isAt(disk.head($0.topic)) }) { return }
        }
        guard violation == nil, let disk = life?.log.disk else { return }
        let who = clients.filter { !$0.isOver && !except($0) }.map { client in
            "\(client.number) of \(client.topic) at \(client.witness.last?.description ?? "nothing"), of \(disk.head(client.topic))"
        }
        report("P2: \(when), not all of these get all: \(who); \(publishings.map(\.key)) wait for an answer")
    }

    private var isQuiet: Bool {
        guard let life, publishings.isEmpty, !life.log.hasWork, isUpstreamQuiet else { return false }
        return life.loops.allSatisfy { !$0.hasWork && $0.questions.isEmpty }
    }

    /// What was published under one key stands once in each life of its topic.
    private func checkPublished() {
        for (topic, lines) in history.lines {
            var seen: Set<String> = []
            for line in lines {
                let text = String(decoding: line.bytes, as: UTF8.self)
                guard let start = text.range(of: "\"event\":\"k") else { continue }
                let name = String(text[start.upperBound...].prefix { $0 != " " })
                if !seen.insert(name).inserted { report("P4: k\(name) stands twice in topic \(topic)") }
            }
        }
    }

    /// When all have left, nothing is held for them.
    private func leave() {
        guard let life else { return }
        for client in clients { client.lose() }
        for loop in life.loops {
            for pipe in loop.pipes { loop.events.append(.gone(pipe)) }
            loop.turn(notices: 1 << 20, events: 1 << 20)
            for fault in loop.faults(controlBytes: 0) { report(fault) }
            if loop.broker.topicCount > 0 { report("P6: topics of nobody are kept") }
        }
    }
}
