// One part of a message: the object that was last said, and what deltas have added since.

import Wire

public struct FoldedPart: Sendable {
    /// The strings that deltas append to.
    public enum Field: String, Sendable, CaseIterable { case text, raw, output }

    public var id: String
    /// As it was last said.
    public var object: JSONValue
    /// What deltas appended since to `text`, `raw` and `output`: insides of JSON strings.
    public var text: [UInt8] = []
    public var raw: [UInt8] = []
    public var output: [UInt8] = []

    public init(id: String, object: JSONValue) {
        self.id = id
        self.object = object
    }

    /// The text as it stands: what was last said and what deltas added, the inside of a JSON string. Empty where there is none.
    public var currentText: [UInt8] { current(.text) }
    public var currentRaw: [UInt8] { current(.raw) }
    public var currentOutput: [UInt8] { current(.output) }

    public func current(_ field: Field) -> [UInt8] { Array(said(field)?.rawText ?? []) + added(field) }

    /// Whether a delta may append to the field: `text` of text and reasoning, `raw` and `output` of a tool; not where a blob stands.
    func takes(_ field: Field) -> Bool {
        guard said(field)?.isString != false, let type = object["type"] else { return false }
        switch field {
        case .text: return type.says("text") || type.says("reasoning")
        case .raw, .output: return type.says("tool")
        }
    }

    mutating func append(_ inner: ArraySlice<UInt8>, to field: Field) {
        switch field {
        case .text: text.append(contentsOf: inner)
        case .raw: raw.append(contentsOf: inner)
        case .output: output.append(contentsOf: inner)
        }
    }

    private func said(_ field: Field) -> JSONValue? {
        switch field {
        case .text: object["text"]
        case .raw: object["raw"]
        case .output: object["output"]
        }
    }

    private func added(_ field: Field) -> [UInt8] {
        switch field {
        case .text: text
        case .raw: raw
        case .output: output
        }
    }

    /// The object with its text, raw and output as they stand.
    public func write(to writer: inout JSONWriter) {
        if text.isEmpty, raw.isEmpty, output.isEmpty { return writer.raw(object.raw) }
        let grown = Field.allCases.filter { !added($0).isEmpty }
        writer.object { writer in
            object.forEachMember { key, value in
                let name = key.string ?? ""
                if grown.contains(where: { $0.rawValue == name }) { return }
                writer.key(named: name)
                writer.raw(value.raw)
            }
            for field in grown {
                writer.key(named: field.rawValue)
                writer.rawText(current(field))
            }
        }
    }
}

/// An open permission or question.
public struct FoldedCard: Sendable {
    public var id: String
    public var object: JSONValue

    public init(id: String, object: JSONValue) {
        self.id = id
        self.object = object
    }
}
