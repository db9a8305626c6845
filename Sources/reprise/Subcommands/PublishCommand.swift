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
        var input = InputLines()
        var batch: [UInt8] = []
        var count = 0
        while let line = try input.next() {
            if !isBlank(line) {
                batch += line + [UInt8(ascii: "\n")]
                count += 1
            }
            guard count == batchLines || batch.count >= batchBytes || (count > 0 && !input.hasMore()) else { continue }
            _ = try await client.publish(topic: arguments.operands[0], lines: batch)
            (batch, count) = ([], 0)
        }
        if count > 0 { _ = try await client.publish(topic: arguments.operands[0], lines: batch) }
    }

    private static func isBlank(_ line: ArraySlice<UInt8>) -> Bool { line.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D } }
}
