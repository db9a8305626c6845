// What a log answered, as text in which two logs that behave alike say the same: the random half of an epoch is named by when it was first seen.

import EventLog
import RelayProtocol

final class LogTranscript {
    private(set) var words: [String] = []
    /// Every position that an append was answered with.
    private(set) var positions: [Position] = []
    private var epochs: [Epoch: Int] = [:]

    func say(_ text: String) { words.append(text) }

    func text(_ position: Position) -> String {
        if position == .origin { return "origin" }
        let number = epochs[position.epoch] ?? epochs.count
        epochs[position.epoch] = number
        return "\(position.epoch.start)/\(number)/\(position.offset)"
    }

    func say(_ result: Result<[Appended], LogError>) {
        guard case .success(let all) = result else { return say("\(result)") }
        for appended in all {
            say("\(text(appended.first))...\(text(appended.last)) \(appended.count) \(appended.isReplay)")
            if appended.count > 0 { positions += [appended.first, appended.last] }
        }
    }

    func say(_ notice: CommitNotice) {
        switch notice {
        case .watching(let topic, let head): say("watching \(topic) \(text(head))")
        case .committed(let lines):
            say("committed \(lines.topic) \(text(lines.previous)) \(text(lines.last)) \(lines.offsets) \(payloads(lines.bytes))")
        case .behind(let topic, let head): say("behind \(topic) \(text(head))")
        case .removed(let topic): say("removed \(topic)")
        }
    }

    func say(_ page: LinePage) {
        say("page \(page.offsets) \(text(page.last)) \(page.isLast) \(payloads(page.bytes))")
    }

    func say(_ state: TopicState?) {
        say(state.map { "state \($0.number) \(text($0.head)) \($0.removedThrough)" } ?? "no topic")
    }

    func say(_ resume: Resume) {
        switch resume {
        case .exact(let position): say("exact \(text(position))")
        case .removed(let position): say("removed \(text(position))")
        case .invalid(let reason, let position): say("\(reason) \(text(position))")
        }
    }

    /// Lines without their positions and times, which differ.
    private func payloads(_ bytes: [UInt8]) -> Int {
        var hash = 0
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            for byte in line.drop(while: { $0 != UInt8(ascii: ":") }).dropFirst(40) { hash = (hash &* 31 &+ Int(byte)) & 0xFFFF_FFFF }
        }
        return hash
    }

    func point(number: Int, shift: Int) -> ResumePoint {
        guard !positions.isEmpty else { return .earliest }
        let position = positions[number % positions.count]
        return .text(Array(Position(epoch: position.epoch, offset: position.offset + UInt64(shift)).description.utf8))
    }
}

/// Takes notices while it has room.
final class NoticeTray: CommitSink {
    let notices = SimulatedMailbox<CommitNotice>()
    private let room = SimulatedMailbox<Bool>()

    func post(_ notice: CommitNotice) -> Bool {
        guard room.takeFirst() != nil else { return false }
        notices.post(notice)
        return true
    }

    func setRoom(_ count: Int) {
        _ = room.takeAll()
        for _ in 0..<count { room.post(true) }
    }
}
