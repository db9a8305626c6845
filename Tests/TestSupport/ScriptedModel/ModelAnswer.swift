// An answer laid out as the pieces of a chat completion stream, with the pause before each.

import Wire

struct ModelAnswer {
    enum Piece: Sendable {
        /// One frame of the stream.
        case frame([UInt8])
        case cut
        /// The last chunk.
        case end
    }

    private(set) var pieces: [(pause: Duration, piece: Piece)] = []
    private let id: String
    private let model: String
    private let perToken: Duration
    private var tokens = 0
    private var calls = 0
    private var isOver = false

    init(_ items: [ModelItem], id: String, model: String, tokensPerSecond: Int, newCallID: () -> String) {
        self.id = id
        self.model = model
        perToken = tokensPerSecond == 0 ? .zero : .seconds(1) / tokensPerSecond
        var wait = Duration.zero
        chunk(after: .zero) { delta in
            delta.member("role", "assistant")
            delta.member("content", "")
        }
        for item in items {
            if case .pause(let time) = item { wait = time } else { add(item, wait, newCallID) }
        }
        if !isOver { finish() }
    }

    private mutating func add(_ item: ModelItem, _ wait: Duration, _ newCallID: () -> String) {
        switch item {
        case .text(let text): say("content", Self.words(text), perToken, wait)
        case .reasoning(let text): say("reasoning_content", Self.words(text), perToken, wait)
        case .scalars(let text): say("content", text.unicodeScalars.map { String($0) }, perToken, wait)
        case .burst(let text): say("content", Self.words(text), .zero, wait)
        case .tool(let name, let arguments): call(name, arguments, newCallID())
        case .cut: end(.cut)
        case .unfinished: end(.end)
        case .pause, .refusal: break
        }
    }

    private mutating func say(_ key: StaticString, _ tokens: [String], _ pause: Duration, _ wait: Duration) {
        for (place, token) in tokens.enumerated() { chunk(after: place == 0 ? wait + pause : pause) { $0.member(key, token) } }
        self.tokens += tokens.count
    }

    private mutating func call(_ name: String, _ arguments: String, _ id: String) {
        let index = calls
        calls += 1
        toolChunk(index, after: .zero) { call in
            call.member("id", id)
            call.member("type", "function")
            Self.function(&call, name: name, arguments: "")
        }
        let scalars = Array(arguments.unicodeScalars)
        let size = scalars.count < 4000 ? 24 : 2048
        for start in stride(from: 0, to: scalars.count, by: size) {
            let piece = scalars[start..<min(start + size, scalars.count)].map { String($0) }.joined()
            toolChunk(index, after: perToken) { Self.function(&$0, name: nil, arguments: piece) }
            tokens += 1
        }
    }

    private static func function(_ writer: inout JSONWriter, name: String?, arguments: String) {
        writer.key("function")
        writer.object { function in
            function.member("name", name)
            function.member("arguments", arguments)
        }
    }

    private mutating func toolChunk(_ index: Int, after pause: Duration, _ write: (inout JSONWriter) -> Void) {
        chunk(after: pause) { delta in
            delta.key("tool_calls")
            delta.array { list in
                list.object { call in
                    call.member("index", index)
                    write(&call)
                }
            }
        }
    }

    private mutating func finish() {
        chunk(after: .zero, finish: calls > 0 ? "tool_calls" : "stop") { _ in }
        pieces.append((.zero, .frame(Array("data: [DONE]\n\n".utf8))))
        end(.end)
    }

    private mutating func end(_ piece: Piece) {
        pieces.append((.zero, piece))
        isOver = true
    }

    private mutating func chunk(after pause: Duration, finish: String? = nil, _ write: (inout JSONWriter) -> Void) {
        guard !isOver else { return }
        let object = JSONWriter.object { writer in
            writer.member("id", id)
            writer.member("object", "chat.completion.chunk")
            writer.member("created", 1_795_549_537)
            writer.member("model", model)
            writer.key("choices")
            writer.array { choices in
                choices.object { choice in
                    choice.member("index", 0)
                    choice.key("delta")
                    choice.object { write(&$0) }
                    choice.key("finish_reason")
                    if let finish { choice.string(finish) } else { choice.raw(Array("null".utf8)) }
                }
            }
            if finish != nil { writer.member("usage", raw: usage) }
        }
        pieces.append((pause, .frame(Array("data: ".utf8) + object + [0x0A, 0x0A])))
    }

    private var usage: [UInt8] {
        JSONWriter.object { writer in
            writer.member("prompt_tokens", 100)
            writer.member("completion_tokens", tokens)
            writer.member("total_tokens", 100 + tokens)
        }
    }

    /// Words with the space before them.
    private static func words(_ text: String) -> [String] {
        var words: [String] = []
        for character in text {
            let begins = words.isEmpty || (character.isWhitespace && words.last?.last?.isWhitespace == false)
            if begins { words.append(String(character)) } else { words[words.count - 1].append(character) }
        }
        return words
    }
}
