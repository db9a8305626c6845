// application/x-www-form-urlencoded (WHATWG URL, 5.1): `+` is a space, an illegal escape stands for itself, bytes that
// are not UTF-8 become U+FFFD.

public enum FormQuery {
    public static func items(_ query: String) -> [(name: String, value: String)] {
        query.utf8.split(separator: UInt8(ascii: "&")).map { item in
            let name = item.prefix { $0 != UInt8(ascii: "=") }
            return (decode(name), decode(item.dropFirst(name.count + 1)))
        }
    }

    /// Names and values escaped and joined.
    public static func encode(_ items: [(name: String, value: String)]) -> String {
        items.map { "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))" }.joined(separator: "&")
    }

    private static func decode(_ text: Substring.UTF8View) -> String {
        var decoded: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let escaped = escape(rest.prefix(2)) {
                decoded.append(escaped)
                rest.removeFirst(2)
            } else {
                decoded.append(byte == UInt8(ascii: "+") ? 0x20 : byte)
            }
        }
        return String(decoding: decoded, as: UTF8.self)
    }

    private static func escape(_ digits: Substring.UTF8View) -> UInt8? {
        let values = digits.compactMap(\.hexDigit)
        return values.count == 2 ? values[0] << 4 | values[1] : nil
    }
}
