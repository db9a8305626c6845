// An answer that is too large stands there with its largest values as blobs: the log holds them whole, an answer names the hash, and a fetch
// of that hash looks the value up again. Nothing is stored for it. A message is cut by its own weight alone, so that it is the same in every
// page; what is beside the messages is cut to what they leave of a line. So a snapshot is a line, whatever a session has.

import RelayProtocol
import Wire

enum LargeAnswer {
    /// Of a line, without what stands around a snapshot's state.
    private static let stateBytes = Limits.lineBytes - 4096
    /// What is no message's. (A message that has too much of small things is left with its own fields.)
    private static let kept: StaticString = "messages"

    /// The body of `GET /v1/sessions/{id}`, short enough for a line.
    static func state(_ answer: [UInt8]) -> [UInt8] {
        bounded(answer) { $0.shorten($1, to: stateBytes, leaving: kept) }
    }

    /// A page of messages, each bounded.
    static func page(_ answer: [UInt8]) -> [UInt8] { bounded(answer) { _, _ in } }

    private static func bounded(_ answer: [UInt8], rest: (inout BlobCuts, JSONValue) -> Void) -> [UInt8] {
        guard answer.count > Limits.longestPageBytes, let document = try? JSON.parse(answer, depth: Limits.lineDepth) else { return answer }
        var cuts = BlobCuts(document)
        for message in document["messages"]?.items ?? [] { cuts.shorten(message, to: Limits.longestPageBytes) }
        rest(&cuts, document)
        return cuts.written()
    }

    /// The value that was cut out under this hash, beside the messages of a state …
    static func value(_ hash: String, besideMessagesOf answer: [UInt8]) -> (mime: String?, bytes: [UInt8])? {
        (try? JSON.parse(answer, depth: Limits.lineDepth)).flatMap { find(hash, in: LargeValues($0, leaving: kept)) }
    }

    /// … or of a message.
    static func value(_ hash: String, of message: FoldedMessage) -> (mime: String?, bytes: [UInt8])? {
        var writer = JSONWriter()
        message.write(to: &writer)
        return (try? JSON.parse(writer.bytes, depth: Limits.lineDepth)).flatMap { find(hash, in: LargeValues($0)) }
    }

    private static func find(_ hash: String, in values: LargeValues) -> (mime: String?, bytes: [UInt8])? {
        for value in values.all {
            let content = CutValue(value)
            if content.hash == hash { return (content.mime, content.bytes) }
        }
        return nil
    }
}
