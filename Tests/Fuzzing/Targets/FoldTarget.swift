// The folding of events: nothing traps, what says a state may be said twice, what folded can be given and folded on from at any place,
// and the canonical form is one.

import RelayProtocol
import Wire

enum FoldTarget {
    static let target = FuzzTarget(name: "fold", isLines: true, run: run, seeds: seeds)

    @Sendable private static func run(_ input: [UInt8]) {
        var input = FuzzInput(input)
        let cut = Int(input.byte())
        let events = input.lines.prefix(200).compactMap { Event(sessionPayload: $0) }
        let folded = FoldChecks.fold(events)
        FoldChecks.isSound(folded)
        FoldChecks.mayBeSaidTwice(events, folded)
        FoldChecks.resumes(events, after: events.isEmpty ? 0 : cut % (events.count + 1), folded)
    }

    @Sendable private static func seeds() throws -> [[UInt8]] {
        let cases = try ProtocolFolder.files("vectors/fold").flatMap { $0["cases"]?.items ?? [] }.map { $0["events"]?.items ?? [] }
        let said = try ["vectors/opencode1", "vectors/opencode2"].flatMap { try ProtocolFolder.lines($0) }.map { lines in
            lines.compactMap { line in (try? JSON.parse(line)).flatMap { $0["event"] ?? $0 } }
        }
        return (cases + said).flatMap { events in
            stride(from: 0, to: events.count, by: 25).map { start in
                [UInt8(start % 7)] + Array(events[start...].prefix(25).map { Array($0.raw) }.joined(separator: [0x0A]))
            }
        }
    }
}
