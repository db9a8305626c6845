// Numbers as ECMAScript writes them (ECMA-262, Number::toString; RFC 8785, 3.2.2.3): the shortest digits that read back to the same double,
// which are those that Swift prints too; only where the point goes and when an exponent is used differs.

enum ECMAScriptNumber {
    /// Nil for infinities and NaN, which JSON does not have.
    static func text(_ value: Double) -> String? {
        guard value.isFinite else { return nil }
        if value == 0 { return "0" }
        let (digits, point) = decimal(value.magnitude)
        return (value < 0 ? "-" : "") + layout(digits, point: point)
    }

    /// The significant digits, and where the point stands in them: the value is 0.DIGITS × 10^point.
    private static func decimal(_ value: Double) -> (digits: [UInt8], point: Int) {
        let parts = value.description.utf8.split(separator: UInt8(ascii: "e"))
        let exponent = parts.count == 2 ? Int(String(decoding: Array(parts[1]), as: UTF8.self)) ?? 0 : 0
        let mantissa = Array(parts[0])
        let whole = mantissa.firstIndex(of: UInt8(ascii: ".")) ?? mantissa.count
        let all = mantissa.filter { $0 != UInt8(ascii: ".") }
        let leading = all.prefix { $0 == UInt8(ascii: "0") }.count
        var digits = Array(all[leading...])
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        return (digits, whole - leading + exponent)
    }

    // There are 17 digits at most.
    private static func layout(_ digits: [UInt8], point: Int) -> String {
        let text = String(decoding: digits, as: UTF8.self)
        let count = digits.count
        switch point {
        case count...21: return text + zeros(point - count)
        case 1...21: return text.prefix(point) + "." + text.dropFirst(point)
        case -5...0: return "0." + zeros(-point) + text
        default:
            let exponent = point - 1
            let mantissa = count == 1 ? text : text.prefix(1) + "." + text.dropFirst()
            return mantissa + (exponent < 0 ? "e-" : "e+") + String(exponent.magnitude)
        }
    }

    private static func zeros(_ count: Int) -> String { String(repeating: "0", count: count) }
}
