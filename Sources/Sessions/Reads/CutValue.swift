// A value as a blob, and what stands in its place.

import RelayProtocol
import Wire

struct CutValue {
    /// No reference is longer.
    static let referenceBytes = 128

    let mime: String?
    /// The UTF-8 of a string, the JSON of anything else.
    let bytes: [UInt8]
    let hash: String

    init(_ value: JSONValue) {
        mime = value.isString ? nil : "application/json"
        bytes = value.isString ? Array((value.string ?? "").utf8) : Array(value.raw)
        hash = "sha256-" + Hex.encode(SHA256.hash(bytes))
    }

    var reference: [UInt8] {
        JSONWriter.object { writer in
            writer.member("$blob", hash)
            writer.member("bytes", bytes.count)
            writer.member("mime", mime)
        }
    }
}
