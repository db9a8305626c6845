import Foundation
import RepriseClient

/// `reprise publish`: lines from standard input to a plain topic.
enum PublishCommand: AskingSubcommand {
    static let name = "publish"
    static let summary = "publish lines of JSON from standard input to a topic"
    static let usage = """
        usage: reprise publish TOPIC [flags]

        Each line of standard input is one JSON value and becomes one event. Lines are sent in batches; a batch whose answer is lost is sent
        again under its key, so nothing is published twice.

        \(ClientOptions.usage)

        example: tail -f build.ndjson | reprise publish builds
        """

    private static let batchLines = 500
    /// With the longest line behind it a batch is below the server's limit of a body.
    private static let batchBytes = 4 << 20

    static func ask(_ words: [String]) async throws {
        let arguments = try Arguments(words, flags: ClientOptions.flags, operands: 1...1)
        let client = try ClientOptions.client(arguments, patience: .seconds(600))
        defer { client.close() }
        var batch: [UInt8] = []
        var count = 0
        while let line = readLine(strippingNewline: true) {
            guard !line.allSatisfy(\.isWhitespace) else { continue }
            batch += Array(line.utf8) + [UInt8(ascii: "\n")]
            count += 1
            guard count == batchLines || batch.count >= batchBytes || !hasMoreInput() else { continue }
            _ = try await client.publish(topic: arguments.operands[0], lines: batch)
            (batch, count) = ([], 0)
        }
        if count > 0 { _ = try await client.publish(topic: arguments.operands[0], lines: batch) }
    }

    /// A pipe that is still being written to shall not hold back the lines that are there.
    private static func hasMoreInput() -> Bool {
        var watched = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&watched, 1, 0) > 0  // SAFETY: one pollfd that lives across the call
    }
}
