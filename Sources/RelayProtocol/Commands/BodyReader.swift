// The fields of a command's body, each with its bound. Fields that are not known are ignored; one that is known and wrong is a problem that
// names it. Our own fields are text that can be written down again: lone surrogates are refused in them (not in what a prompt says).

import Wire

struct BodyReader {
    let body: JSONValue

    /// No bytes at all are an empty object.
    init(_ bytes: [UInt8], limit: Int) throws(Problem) {
        guard bytes.count <= limit else { throw Problem(.payloadTooLarge, "more than \(limit) bytes") }
        do {
            body = try JSON.parse(bytes.isEmpty ? Array("{}".utf8) : bytes, depth: Limits.depth)
        } catch {
            throw Problem(.invalidJSON, "byte \(error.offset): \(error.reason)")
        }
        guard body.isObject else { throw Problem(.badRequest, "not an object") }
    }

    init(_ body: JSONValue) { self.body = body }

    func string(_ name: StaticString, limit: Int) throws(Problem) -> String? {
        guard let value = body[name] else { return nil }
        return try Self.text(value, "\(name)", limit: limit)
    }

    func required(_ name: StaticString, limit: Int) throws(Problem) -> String {
        guard let text = try string(name, limit: limit) else { throw Problem(.badRequest, "\(name): missing") }
        guard !text.isEmpty else { throw Problem(.badRequest, "\(name): empty") }
        return text
    }

    /// Names that a later version gives a meaning: who says one wants what this server does not do.
    func refuse(_ reserved: StaticString...) throws(Problem) {
        for name in reserved where body[name] != nil { throw Problem(.badRequest, "\(name): reserved, not served yet") }
    }

    func commandID() throws(Problem) -> CommandID? {
        guard let value = body["id"] else { return nil }
        guard let id = value.string.flatMap(CommandID.init) else {
            throw Problem(.invalidCommandID, "id: not 1 to \(Limits.commandIDBytes) of A-Z a-z 0-9 . _ -")
        }
        return id
    }

    func integer(_ name: StaticString) throws(Problem) -> Int? {
        guard let value = body[name] else { return nil }
        guard let number = value.int, number >= 0, number <= 1 << 53 else { throw Problem(.badRequest, "\(name): not a whole number") }
        return number
    }

    /// `"provider/id"` or `{"provider","id","variant"?}`.
    func model() throws(Problem) -> ModelName? {
        guard let value = body["model"] else { return nil }
        if value.isObject {
            let fields = BodyReader(value)
            return ModelName(
                provider: try fields.required("provider", limit: Limits.nameBytes), id: try fields.required("id", limit: Limits.nameBytes),
                variant: try fields.string("variant", limit: Limits.nameBytes))
        }
        guard let model = ModelName(try Self.text(value, "model", limit: 2 * Limits.nameBytes)) else {
            throw Problem(.badRequest, "model: not provider/id")
        }
        return model
    }

    private static func text(_ value: JSONValue, _ name: String, limit: Int) throws(Problem) -> String {
        guard let inner = value.rawText else { throw Problem(.badRequest, "\(name): not a string") }
        guard inner.count <= limit else { throw Problem(.badRequest, "\(name): more than \(limit) bytes") }
        guard let text = String(validating: JSONText.utf16(inner), as: UTF16.self) else {
            throw Problem(.badRequest, "\(name): half of a surrogate pair")
        }
        return text
    }
}
