// A line of logfmt in the making: `time=2026-11-25T10:00:00.000Z level=info message="upstream connected" version=1.18.3`.
// A value with anything but plain characters is quoted and escaped; a long one is cut.

struct LogLine {
    static let valueBytes = 1 << 10

    private var bytes: [UInt8] = []

    init(time: Int64, level: LogLevel, message: String) {
        add("time", Timestamp.text(milliseconds: time))
        add("level", level.name)
        add("message", message)
    }

    /// Keys are the program's own: letters and underscores.
    mutating func add(_ key: String, _ value: String) {
        if !bytes.isEmpty { bytes.append(0x20) }
        bytes.append(contentsOf: key.utf8)
        bytes.append(UInt8(ascii: "="))
        if !value.isEmpty, value.utf8.allSatisfy(Self.isPlain), value.utf8.count <= Self.valueBytes {
            bytes.append(contentsOf: value.utf8)
        } else {
            quote(value)
        }
    }

    consuming func ended() -> [UInt8] {
        bytes.append(0x0A)
        return bytes
    }

    private mutating func quote(_ value: String) {
        bytes.append(UInt8(ascii: "\""))
        let end = bytes.count + Self.valueBytes
        for scalar in value.unicodeScalars {
            guard bytes.count < end else {
                bytes.append(contentsOf: "…".utf8)
                break
            }
            append(scalar)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func append(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "\"", "\\": bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: scalar)])
        case "\n": bytes.append(contentsOf: "\\n".utf8)
        case "\r": bytes.append(contentsOf: "\\r".utf8)
        case "\t": bytes.append(contentsOf: "\\t".utf8)
        // Control characters of both kinds, and what would turn the reading direction of a terminal.
        case _ where scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value), "\u{200E}"..."\u{200F}", "\u{2028}"..."\u{202E}",
            "\u{2066}"..."\u{2069}":
            bytes.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".utf8)
        default: bytes.append(contentsOf: UTF8.encode(scalar).map { Array($0) } ?? [])
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "=") && byte != UInt8(ascii: "\\")
    }
}
