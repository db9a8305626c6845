// Errors. Headers, bodies and metadata of a provider's answer are never carried; neither is the SQL that a deleted session leaks, nor a
// stack trace.

import RelayProtocol
import Wire

extension OpenCode1Words {
    /// `{name, data: {message, statusCode?, isRetryable?, …}}` → `{name, message, status?, retryable?}`; also of the shapes that have no `data`
    /// (`{type, message}`, `{message, statusCode, isRetryable, …}`).
    static func error(_ error: JSONValue) -> [UInt8] {
        let data = error["data"] ?? error
        return JSONWriter.object { writer in
            let name = error["name"] ?? error["type"]
            if isAbort(error) {
                writer.member("name", "aborted")
            } else {
                writer.member("name", rawText: name?.rawText ?? Array("UnknownError".utf8)[...])
            }
            writer.member("message", rawText: message(of: error))
            writer.member("status", data["statusCode"])
            writer.member("retryable", data["isRetryable"])
        }
    }

    /// A frame that is carried whole: but its errors, wherever they stand, are as all errors are.
    static func carried(_ frame: JSONValue) -> [UInt8] {
        frame.carried { key, value in
            key.says("error") && value.isObject && !message(of: value).isEmpty ? .replaced(error(value)) : .kept
        }
    }

    static func isAbort(_ error: JSONValue) -> Bool { error["name"]?.says("MessageAbortedError") == true }

    /// The inside of a JSON string.
    static func message(of error: JSONValue) -> ArraySlice<UInt8> {
        let data = error["data"]
        guard let text = data?["message"]?.rawText ?? data?.rawText ?? error["message"]?.rawText ?? error["name"]?.rawText else {
            return []
        }
        let line = text[..<(firstRange(of: "\\n    at ", in: text)?.lowerBound ?? text.endIndex)]
        if let query = firstRange(of: "Failed query:", in: line) { return line[..<query.lowerBound] + Array("Failed query".utf8) }
        return line
    }

    static func firstRange(of word: StaticString, in text: ArraySlice<UInt8>) -> Range<Int>? {
        let letters = Array(word.description.utf8)
        guard let first = letters.first, text.count >= letters.count else { return nil }
        var at = text.startIndex
        while let found = text[at..<(text.endIndex - letters.count + 1)].firstIndex(of: first) {
            if text[found...].starts(with: letters) { return found..<found + letters.count }
            at = found + 1
        }
        return nil
    }
}
