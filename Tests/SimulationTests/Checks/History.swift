// Everything that was ever durable, by topic and life of the topic: what subscribers' lines are compared with. It is written at the moment a
// commit is synced, and forgets nothing that a removal takes away.

import RelayProtocol

@testable import EventLog

struct History {
    struct Place: Hashable {
        /// The topic's number in the log: another one when it was made again.
        var topic: Int64
        /// 0 for its first event.
        var index: Int
    }

    private(set) var lines: [Int64: [(position: Position, bytes: [UInt8])]] = [:]
    private var places: [TopicName: [Position: Place]] = [:]
    private(set) var count = 0

    /// What is wrong with a commit: an offset that is not the next, an address that was given before.
    mutating func record(_ burst: TopicBurst) -> [String] {
        var faults: [String] = []
        let (name, number) = (burst.topic.name, burst.topic.number)
        for (index, offset) in burst.offsets.enumerated() {
            let bytes = Array(burst.bytes[burst.start(ofLine: index)..<Int(burst.ends[index])])
            guard let position = EventLine.position(of: bytes[...]), position.offset == offset else {
                faults.append("P4: a line of \(name) does not say its offset \(offset)")
                continue
            }
            let last = lines[number]?.last?.position
            if position.offset != (last?.offset ?? 0) + 1 {
                faults.append("P4: \(position) of \(name) follows on \(last?.description ?? "nothing")")
            }
            if places[name]?[position] != nil { faults.append("P4: \(position) of \(name) is given twice") }
            places[name, default: [:]][position] = Place(topic: number, index: lines[number]?.count ?? 0)
            lines[number, default: []].append((position, bytes))
            count += 1
        }
        return faults
    }

    func place(_ name: TopicName, _ position: Position) -> Place? { places[name]?[position] }

    func bytes(at place: Place) -> [UInt8]? {
        guard let all = lines[place.topic], place.index < all.count else { return nil }
        return all[place.index].bytes
    }
}
