// What all cases of a run share: the processors, the load generator, and how runs of several servers are interleaved.

final class BenchSetup {
    let pinning: Pinning
    let generator = LoadGenerator()

    init() throws { pinning = try Pinning.pinned() }

    func start(_ kind: ServerKind, data: DataFolder? = nil, openCode: String? = nil) throws -> MeasuredServer {
        try MeasuredServer(kind, processor: pinning.server, data: data ?? DataFolder(), openCode: openCode)
    }

    /// Runs the servers by turns, so that a machine that is busy with something else is so for all of them.
    func compare(_ kinds: [ServerKind], runs: Int, _ label: String, _ body: (ServerKind) throws -> Run) throws -> Runs {
        var all = Runs()
        for number in 1...runs {
            for kind in kinds {
                let run = try body(kind)
                all.add(run, of: kind)
                note("\(label), run \(number), \(kind.rawValue): \(run.line)")
            }
        }
        return all
    }

    /// What server and generator used while `body` ran.
    func observe<Value>(_ server: MeasuredServer, _ body: () throws -> Value) throws -> (value: Value, usage: Usage) {
        let start = try Usage.Mark(server)
        let value = try body()
        return (value, try Usage(since: start, server))
    }
}
