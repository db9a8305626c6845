// A `Content-Type` (RFC 9110, 8.3): the type, and the one parameter that can change what the bytes mean.

struct ContentType {
    /// In lower case, without parameters.
    let type: String
    /// In lower case, without quotes; nil where it is not said.
    let charset: String?

    init(_ field: String) {
        let pieces = Self.pieces(field)
        type = pieces[0].lowercased().trimmedSpaces
        charset = pieces.dropFirst().lazy.compactMap(Self.charset).first
    }

    /// Bodies are UTF-8: what says that it is something else would be misread.
    var isUTF8: Bool { charset == nil || charset == "utf-8" }

    /// At each `;` that is not inside of quotes.
    private static func pieces(_ field: String) -> [String] {
        var pieces = [""]
        var (isQuoted, isEscaped) = (false, false)
        for letter in field.unicodeScalars {
            if !isEscaped, letter == "\"" { isQuoted.toggle() }
            isEscaped = isQuoted && !isEscaped && letter == "\\"
            if letter == ";", !isQuoted { pieces.append("") } else { pieces[pieces.count - 1].unicodeScalars.append(letter) }
        }
        return pieces
    }

    private static func charset(_ parameter: String) -> String? {
        guard let equals = parameter.utf8.firstIndex(of: UInt8(ascii: "=")) else { return nil }
        guard String(parameter[..<equals]).lowercased().trimmedSpaces == "charset" else { return nil }
        return parameter[parameter.utf8.index(after: equals)...].lowercased().filter { $0 != "\"" && $0 != "\\" }.trimmedSpaces
    }
}
