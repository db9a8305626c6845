// Everything that makes the writer sync, one thing after the other: events, blobs in transactions of their own, topics whose rows go in slices,
// and enough pages for checkpoints. Each line says the number, when it was asked (seconds since 1970), and `done` or `failed`.

import EventLog
import Foundation
import LogFixtures
import Reactor
import RelayProtocol

final class OrderlyWriter {
    private let log: EventLog
    private static let blobBytes = 3 << 20

    init(folder: String) throws { log = try EventLog.open(folder: folder, projection: { SpyProjection() }, logger: .silent) }

    func run() throws {
        for number in 1...16 {
            let asked = Date().timeIntervalSince1970
            let isDone = try act(number)
            say("\(number) \(asked) \(isDone ? "done" : "failed")")
        }
        log.close()
    }

    private func act(_ number: Int) throws -> Bool {
        switch number % 4 {
        case 0: try delete("old-\(number - 2)")
        case 1: try append("news", number, blobs: [blob(number)])
        case 2: try append("old-\(number)", number, count: 3000)
        default: try append("news", number)
        }
    }

    private func name(_ text: String) throws -> TopicName {
        guard let name = TopicName(text) else { throw CocoaError(.coderInvalidValue) }
        return name
    }

    private func blob(_ number: Int) throws -> Blob {
        Blob(
            topic: try name("news"), hash: "sha256-\(number)", mime: nil,
            bytes: [UInt8](repeating: UInt8(number), count: Self.blobBytes))
    }

    private func append(_ topic: String, _ number: Int, count: Int = 1, blobs: [Blob] = []) throws -> Bool {
        let told = BlockingQueue<Bool>()
        let event = Event(.plain, payload: Array("{\"number\":\(number),\"text\":\"\(String(repeating: "x", count: 100))\"}".utf8))
        log.append([Append(topic: try name(topic), events: Array(repeating: event, count: count))], blobs: blobs) { result in
            if case .success = result { told.post(always: true) } else { told.post(always: false) }
        }
        return told.take() ?? false
    }

    private func delete(_ topic: String) throws -> Bool {
        let told = BlockingQueue<Bool>()
        log.delete(try name(topic)) { result in
            if case .success = result { told.post(always: true) } else { told.post(always: false) }
        }
        return told.take() ?? false
    }
}
