// An event stream through the decoder, and through a second reader that is slow and plain: it takes all bytes at once and follows the
// standard's text (WHATWG HTML, 9.2.6) line by line.

import Wire

enum EventStreamRun {
    enum Seen: Equatable {
        case action(SSEDecoder.Action)
        case left(lastEventID: [UInt8]?, retry: Int?)
    }

    static func seen(_ pieces: [[UInt8]], frameBytes: Int) -> [Seen] {
        var decoder = SSEDecoder(frameBytes: frameBytes)
        var seen: [Seen] = []
        for piece in pieces {
            decoder.receive(piece)
            while case let action = decoder.next(), action != .needMore { seen.append(.action(action)) }
        }
        return seen + [.left(lastEventID: decoder.lastEventID, retry: decoder.retryMilliseconds)]
    }

    static func reference(_ bytes: [UInt8]) -> [Seen] {
        var seen: [Seen] = []
        var (frame, data): (SSEFrame, [[UInt8]]) = (SSEFrame(data: []), [])
        var (lastEventID, lastRetry): ([UInt8]?, Int?) = (nil, nil)
        for line in lines(withoutMark(bytes)).dropLast() {
            if line.isEmpty {
                lastEventID = frame.id ?? lastEventID
                frame.data = Array(data.joined(separator: [0x0A]))
                if !data.isEmpty { seen.append(.action(.frame(frame))) }
                (frame, data) = (SSEFrame(data: []), [])
                continue
            }
            let name = line.prefix { $0 != UInt8(ascii: ":") }
            var value = line[name.endIndex...].dropFirst()
            if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
            switch text(name) {
            case "" where !line.isEmpty && line[0] == UInt8(ascii: ":"): seen.append(.action(.comment))
            case "data": data.append(Array(value))
            case "event": frame.event = value.isEmpty ? nil : Array(value)
            case "id": if !value.contains(0) { frame.id = Array(value) }
            case "retry":
                // A number near the largest is not read, nobody needs to know how near.
                guard !value.isEmpty, value.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text(value)), number <= .max - 8
                else { break }
                (frame.retry, lastRetry) = (number, number)
            default: break
            }
        }
        return seen + [.left(lastEventID: lastEventID, retry: lastRetry)]
    }

    private static func withoutMark(_ bytes: [UInt8]) -> [UInt8] {
        bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    }

    /// Ended by CRLF, CR or LF; the last one is what follows the last end.
    static func lines(_ bytes: [UInt8]) -> [[UInt8]] {
        var lines: [[UInt8]] = [[]]
        var afterCR = false
        for byte in bytes {
            defer { afterCR = byte == 0x0D }
            if byte == 0x0A, afterCR { continue }
            if byte == 0x0A || byte == 0x0D { lines.append([]) } else { lines[lines.count - 1].append(byte) }
        }
        return lines
    }
}
