// A page of messages with the strings that stand outside of it put back in their places.

import TestSupport
import Wire

struct BlobResolver {
    let session: String
    let api: RelayAPI

    func resolved(_ value: JSONValue) throws -> JSONValue {
        guard value.raw.contains(where: { $0 == UInt8(ascii: "$") }) else { return value }
        var writer = JSONWriter()
        try write(value, &writer)
        return try JSON.parse(writer.bytes, depth: 1024)
    }

    private func write(_ value: JSONValue, _ writer: inout JSONWriter) throws {
        if let hash = value["$blob"]?.string { return writer.string(try text(hash)) }
        var failure: (any Error)?
        if value.isObject {
            writer.object { inner in
                for (key, member) in value.members {
                    inner.key(named: key)
                    do { try write(member, &inner) } catch { failure = error }
                }
            }
        } else if value.isArray {
            writer.array { inner in for item in value.items { do { try write(item, &inner) } catch { failure = error } } }
        } else {
            writer.raw(value.raw)
        }
        if let failure { throw failure }
    }

    private func text(_ hash: String) throws -> String {
        let answer = try api.ask("GET", "/v1/sessions/\(session)/blobs/\(hash)")
        guard answer.status == 200 else { throw RelayAPI.Refused(status: answer.status, body: answer.text) }
        return answer.text
    }
}
