// A string as JSON.stringify writes it.

import Wire

enum CanonicalText {
    /// `inner` is what stands between the quotes of checked JSON.
    static func append(_ inner: ArraySlice<UInt8>, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        if inner.contains(UInt8(ascii: "\\")) {
            appendUnits(JSONText.utf16(inner), to: &bytes)
        } else {
            bytes.append(contentsOf: inner)  // checked JSON without escapes has no character that needs one
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func appendUnits(_ units: [UInt16], to bytes: inout [UInt8]) {
        var at = 0
        while at < units.count {
            let run = units[at...].prefix { !UTF16.isLeadSurrogate($0) && !UTF16.isTrailSurrogate($0) }
            JSONText.appendEscaped(String(decoding: run, as: UTF16.self), to: &bytes)
            at = run.endIndex
            guard at < units.count else { return }
            if at + 1 < units.count, UTF16.isLeadSurrogate(units[at]), UTF16.isTrailSurrogate(units[at + 1]) {
                JSONText.appendEscaped(String(decoding: units[at...at + 1], as: UTF16.self), to: &bytes)
                at += 2
            } else {
                bytes.append(contentsOf: "\\u\(String(units[at], radix: 16))".utf8)
                at += 1
            }
        }
    }
}
