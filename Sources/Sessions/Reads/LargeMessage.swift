// A message that is too large for a page stands there with its largest strings as blobs: the log holds it whole, an answer names the hash,
// and a fetch of that hash looks the string up again. Nothing is stored for it.

import RelayProtocol
import Wire

enum LargeMessage {
    /// Shorter strings stay: a reference has a hundred bytes.
    private static let leastBytes = 1024

    /// One string that may be cut out, and where it stands in its part's bytes.
    private struct Candidate {
        var part: Int
        var range: Range<Int>
        /// Deltas may follow: cut out only if nothing else helps.
        var isOpen: Bool
    }

    static func bounded(_ message: FoldedMessage) -> FoldedMessage {
        guard weight(of: message) > Limits.longestPageBytes else { return message }
        let whole = message.parts.map(settled)
        var excess = message.object.range.count + whole.reduce(0) { $0 + $1.object.range.count } - Limits.longestPageBytes
        var cuts: [Int: [Range<Int>]] = [:]
        for candidate in candidates(whole) {
            guard excess > 0 else { break }
            cuts[candidate.part, default: []].append(candidate.range)
            excess -= candidate.range.count - 100
        }
        var bounded = message
        bounded.parts = whole.enumerated().map { place, part in cuts[place].map { cut($0, from: part) } ?? part }
        return bounded
    }

    /// The text of a string that was cut out under this hash.
    static func string(hash: String, in message: FoldedMessage) -> [UInt8]? {
        guard weight(of: message) > Limits.longestPageBytes else { return nil }
        let whole = message.parts.map(settled)
        for candidate in candidates(whole) {
            let text = decoded(whole[candidate.part], candidate.range)
            if blobHash(text) == hash { return text }
        }
        return nil
    }

    private static func weight(of message: FoldedMessage) -> Int {
        message.parts.reduce(message.object.range.count) { $0 + $1.object.range.count + $1.text.count + $1.raw.count + $1.output.count }
    }

    /// A document of its own, with what deltas added.
    private static func settled(_ part: FoldedPart) -> FoldedPart {
        var writer = JSONWriter(capacity: part.object.range.count)
        part.write(to: &writer)
        guard let object = try? JSON.parse(writer.bytes, depth: Limits.lineDepth) else { return part }
        return FoldedPart(id: part.id, object: object)
    }

    /// Largest first, those of parts that still grow at the end.
    private static func candidates(_ parts: [FoldedPart]) -> [Candidate] {
        var found: [Candidate] = []
        for (place, part) in parts.enumerated() {
            let isOpen = part.object["open"]?.bool == true || part.object["state"]?.says("running") == true
            collect(part.object) { found.append(Candidate(part: place, range: $0, isOpen: isOpen)) }
        }
        return found.sorted { a, b in a.isOpen == b.isOpen ? a.range.count > b.range.count : b.isOpen }
    }

    private static func collect(_ value: JSONValue, _ take: (Range<Int>) -> Void) {
        switch value.kind {
        case .object: value.forEachMember { _, member in collect(member, take) }
        case .array: for item in value.items { collect(item, take) }
        case .string: if value.range.count > leastBytes { take(value.range) }
        default: break
        }
    }

    private static func cut(_ ranges: [Range<Int>], from part: FoldedPart) -> FoldedPart {
        let bytes = Array(part.object.raw)
        var written: [UInt8] = []
        var copied = 0
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            written += bytes[copied..<range.lowerBound]
            let text = decoded(part, range)
            written += JSONWriter.object { writer in
                writer.member("$blob", blobHash(text))
                writer.member("bytes", text.count)
            }
            copied = range.upperBound
        }
        written += bytes[copied...]
        guard let object = try? JSON.parse(written, depth: Limits.lineDepth) else { return part }
        return FoldedPart(id: part.id, object: object)
    }

    /// The UTF-8 of a string, by its range in a part that is a document of its own.
    private static func decoded(_ part: FoldedPart, _ range: Range<Int>) -> [UInt8] {
        let quoted = Array(part.object.raw[range])
        return Array(((try? JSON.parse(quoted))?.string ?? "").utf8)
    }

    private static func blobHash(_ text: [UInt8]) -> String { "sha256-" + Hex.encode(SHA256.hash(text)) }
}
