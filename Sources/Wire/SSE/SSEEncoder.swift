// Frames to bytes of an event stream. Ids and event names are one line by nature; data may have many, and each LF in it
// (CR and CRLF too) becomes a line of its own, which the reader joins again by LF.

public enum SSEEncoder {
    /// A comment that keeps a connection alive.
    public static let comment: [UInt8] = Array(":\n\n".utf8)

    /// Appends one frame. `event` and `id` must not hold CR or LF, nor `id` a NUL.
    public static func append(
        event: String? = nil, id: String? = nil, retry: Int? = nil, data: Span<UInt8>, to output: inout [UInt8]
    ) {
        if let id { appendField("id: ", id, to: &output) }
        if let event { appendField("event: ", event, to: &output) }
        if let retry { appendField("retry: ", String(retry), to: &output) }
        appendData(data, to: &output)
        output.append(0x0A)
    }

    public static func append(event: String? = nil, id: String? = nil, retry: Int? = nil, data: [UInt8], to output: inout [UInt8]) {
        append(event: event, id: id, retry: retry, data: data.span, to: &output)
    }

    private static func appendField(_ name: String, _ value: String, to output: inout [UInt8]) {
        precondition(!value.utf8.contains { $0 == 0x0A || $0 == 0x0D || $0 == 0 }, "a field of an event stream is one line")
        output.append(contentsOf: name.utf8)
        output.append(contentsOf: value.utf8)
        output.append(0x0A)
    }

    private static func appendData(_ data: Span<UInt8>, to output: inout [UInt8]) {
        var start = 0
        while true {
            let end = data.firstLineEnd(from: start)
            output.append(contentsOf: "data: ".utf8)
            output.append(copying: data.extracting(start..<(end ?? data.count)))
            output.append(0x0A)
            guard let end else { return }
            let isPair = data[end] == 0x0D && end + 1 < data.count && data[end + 1] == 0x0A
            start = end + (isPair ? 2 : 1)
        }
    }
}
