// A model as a command names it.

import Wire

public struct ModelName: Sendable, Equatable {
    public var provider: String
    public var id: String
    public var variant: String?

    public init(provider: String, id: String, variant: String? = nil) {
        self.provider = provider
        self.id = id
        self.variant = variant
    }

    /// `provider/id`; the id may have slashes of its own.
    init?(_ text: String) {
        guard let slash = text.utf8.firstIndex(of: UInt8(ascii: "/")) else { return nil }
        self.init(provider: String(text[..<slash]), id: String(text[text.utf8.index(after: slash)...]))
        if provider.isEmpty || id.isEmpty { return nil }
    }

    /// A JSON object.
    public var json: [UInt8] {
        JSONWriter.object { writer in
            writer.member("provider", provider)
            writer.member("id", id)
            writer.member("variant", variant)
        }
    }
}
