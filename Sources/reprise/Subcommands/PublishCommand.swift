import RepriseClient

/// `reprise publish`: lines from standard input to a plain topic.
enum PublishCommand: AskingSubcommand {
    static let name = "publish"
    static let summary = "publish lines of JSON from standard input to a topic"
    static let usage = """
        usage: reprise publish TOPIC [flags]

        Each line of standard input is one JSON value and becomes one event. Lines are sent in batches; a batch whose answer is lost is sent
        again under its key, so nothing is published twice. Where it fails, it says how many events are published.

          --patience SECONDS how long a batch is tried again (default: 600)
        \(ClientOptions.usage)

        example: tail -f build.ndjson | reprise publish builds
        """

    private static let batchLines = 500
    /// With the longest line behind it a batch is below the server's limit of a body.
    private static let batchBytes = 4 << 20

    static func ask(_ words: [String]) async throws {
        let arguments = try Arguments(words, flags: ClientOptions.flags + [ClientOptions.patience], operands: ["TOPIC"])
        let lost = LostAnswer()
        let client = try ClientOptions.client(arguments, patience: .seconds(600), lost: lost)
        defer { client.close() }
        var input = InputLines()
        var batch = Batch(firstLine: 1)
        while true {
            let next = Result { () throws(Failure) in try input.next() }
            if case .success(let line?) = next { batch.add(line) }
            // What stands before a line that cannot be read counts.
            let isLast = if case .success(.some) = next { false } else { true }
            if batch.isFull || (batch.events > 0 && (isLast || !input.hasMore())) {
                do { _ = try await client.publish(topic: arguments.operands[0], lines: batch.bytes) } catch {
                    throw failure(error, batch, isLost: lost.isLost)
                }
                batch = batch.next
            }
            if isLast {
                _ = try next.get()
                return
            }
        }
    }

    /// A batch is published whole or not at all.
    private static func failure(_ error: RepriseError, _ batch: Batch, isLost: Bool) -> Failure {
        let place = batch.firstLine > 1 ? "its line 1 is line \(batch.firstLine) of the input; " : ""
        let count = "\(place)\(batch.published) events before it are published"
        if isLost {
            return Failure(error.failure.reason, hint: "\(count), and its own \(batch.events) may be: look before you publish them again")
        }
        return Failure(error.failure.reason, hint: [count, error.failure.hint].compactMap(\.self).joined(separator: "\n  "))
    }

    /// Lines that go out together; blank ones stay, so that the server counts as the input does.
    private struct Batch {
        /// Of the input.
        let firstLine: Int
        /// In the batches before it.
        var published = 0
        private(set) var bytes: [UInt8] = []
        private(set) var events = 0
        private var lines = 0

        init(firstLine: Int) { self.firstLine = firstLine }

        var isFull: Bool { events == batchLines || bytes.count >= batchBytes }

        var next: Batch {
            var next = Batch(firstLine: firstLine + lines)
            next.published = published + events
            return next
        }

        mutating func add(_ line: ArraySlice<UInt8>) {
            lines += 1
            if !isBlank(line) {
                bytes += line
                events += 1
            }
            bytes.append(UInt8(ascii: "\n"))
        }
    }

    private static func isBlank(_ line: ArraySlice<UInt8>) -> Bool { line.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D } }
}
