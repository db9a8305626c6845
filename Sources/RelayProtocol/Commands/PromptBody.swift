// `POST /v1/sessions/{id}/chat` and `"do":"prompt"`. What a person wrote is copied as it came; the parts are written in one form, so that
// the same prompt has the same bytes however its JSON was laid out.

import Wire

public struct PromptBody: Sendable, Equatable {
    public var id: CommandID?
    /// A JSON array of `{"type":"text","text"}` and `{"type":"file","mime","name"?,"url"}`.
    public var parts: [UInt8]
    public var agent: String?
    public var model: ModelName?

    public init(id: CommandID? = nil, parts: [UInt8], agent: String? = nil, model: ModelName? = nil) {
        self.id = id
        self.parts = parts
        self.agent = agent
        self.model = model
    }

    public static func parse(_ bytes: [UInt8]) throws(Problem) -> PromptBody {
        try PromptBody(BodyReader(bytes, limit: Limits.bodyBytes))
    }

    init(_ reader: BodyReader) throws(Problem) {
        self.init(
            id: try reader.commandID(), parts: try Self.parts(reader.body), agent: try reader.string("agent", limit: Limits.nameBytes),
            model: try reader.model())
    }

    private static func parts(_ body: JSONValue) throws(Problem) -> [UInt8] {
        switch (body["content"], body["parts"]) {
        case (nil, nil): throw Problem(.badRequest, "content or parts: missing")
        case (.some, .some): throw Problem(.badRequest, "content and parts: only one of them")
        case (let content?, nil):
            return array([try textPart(content, "content")])
        case (nil, let list?):
            guard list.isArray, !list.items.isEmpty else { throw Problem(.badRequest, "parts: not an array with items") }
            guard list.items.count <= Limits.promptParts else { throw Problem(.badRequest, "parts: more than \(Limits.promptParts)") }
            var parts: [[UInt8]] = []
            for item in list.items { parts.append(try part(item)) }
            return array(parts)
        }
    }

    private static func part(_ item: JSONValue) throws(Problem) -> [UInt8] {
        switch item["type"]?.string {
        case "text":
            guard let text = item["text"] else { throw Problem(.badRequest, "parts: a text without text") }
            return try textPart(text, "parts: text")
        case "file":
            let fields = BodyReader(item)
            let mime = try fields.required("mime", limit: Limits.nameBytes)
            let name = try fields.string("name", limit: Limits.pathBytes)
            let url = try fields.required("url", limit: Limits.bodyBytes)
            return JSONWriter.object { writer in
                writer.member("type", "file")
                writer.member("mime", mime)
                writer.member("name", name)
                writer.member("url", url)
            }
        default: throw Problem(.badRequest, "parts: a type that is neither text nor file")
        }
    }

    private static func textPart(_ text: JSONValue, _ name: String) throws(Problem) -> [UInt8] {
        guard let inner = text.rawText else { throw Problem(.badRequest, "\(name): not a string") }
        guard !isBlank(text, inner) else { throw Problem(.badRequest, "\(name): empty, or white space only") }
        return JSONWriter.object { writer in
            writer.member("type", "text")
            writer.member("text", rawText: inner)
        }
    }

    /// What begins with a letter is not decoded: it may be many megabytes.
    private static func isBlank(_ text: JSONValue, _ inner: ArraySlice<UInt8>) -> Bool {
        if let first = inner.first, first != 0x20, first != UInt8(ascii: "\\"), first < 0x80 { return false }
        return text.string?.unicodeScalars.allSatisfy(\.properties.isWhitespace) == true
    }

    private static func array(_ parts: [[UInt8]]) -> [UInt8] {
        var writer = JSONWriter()
        writer.array { writer in for part in parts { writer.raw(part) } }
        return writer.bytes
    }
}
