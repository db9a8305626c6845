import OpenCode
import RelayProtocol
import Testing

@testable import Sessions

/// One command against an OpenCode that may lose requests and answers, under a process that may die at any step.
@Suite struct CommandSimulationTests {
    struct Simulation {
        var random: SeededRandom
        /// How often OpenCode took the command.
        var arrivals = 0
        /// What the table has.
        var row = (state: CommandState.accepted, checkpoint: [UInt8]?.none)
        var crashes = 0
        var now: Int64 = 0

        init(seed: Int) { random = SeededRandom(seed: UInt64(seed)) }

        mutating func happens(oneIn count: Int) -> Bool { Int.random(in: 0..<count, using: &random) == 0 }

        /// Runs to the end of the process: true when the command is settled.
        mutating func live(isSettling: Bool) -> Bool {
            var run = CommandRun(state: row.state, checkpoint: row.checkpoint, isSettling: isSettling, now: now)
            var input = CommandRun.Input.proceed
            while true {
                let action = run.receive(input, now: now, random: &random) { _, settling in
                    FakeExchange(name: "prompt", isLooking: settling)
                }
                if happens(oneIn: 6) { return false }
                switch action {
                case .finished: return true
                case .wait, .nothing: input = .proceed
                case .commit(let change): input = commit(change)
                case .send(let requests): input = .answers(requests.map { answer($0) })
                }
                if happens(oneIn: 6) { return false }
            }
        }

        private mutating func commit(_ change: CommandChange) -> CommandRun.Input {
            if happens(oneIn: 5) { return .commitFailed }
            row = (change.state, change.checkpoint)
            return .committed
        }

        private mutating func answer(_ request: UpstreamRequest) -> UpstreamAnswer {
            if happens(oneIn: 4) { return .unreachable(mayHaveArrived: false) }
            let isThere = arrivals > 0
            if request.method == "POST" {
                // What the rule is for: nothing changes upstream that a restart would not know of.
                #expect(row.state == .sent)
                arrivals += 1
            }
            if happens(oneIn: 4) { return .unreachable(mayHaveArrived: true) }
            return .answered(status: request.method == "POST" || isThere ? 200 : 404, isJSON: true, headers: [], body: Array("{}".utf8))
        }
    }

    @Test(arguments: 1...400)
    func `whatever is lost and wherever the process dies, a command arrives once`(seed: Int) {
        var simulation = Simulation(seed: seed)
        while !simulation.live(isSettling: simulation.crashes > 0) {
            if simulation.row.state.isFinal { break }
            simulation.crashes += 1
        }
        #expect(simulation.arrivals == 1, "seed \(seed), \(simulation.crashes) crashes")
        #expect(simulation.row.state == .done)
    }
}
