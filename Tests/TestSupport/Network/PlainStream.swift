// A GET whose answer is an event stream, read frame by frame.

import Wire

public final class PlainStream {
    public let head: HTTPResponseHead
    /// The stream has ended as an answer ends, with its last chunk.
    public private(set) var isWhole = false
    private let socket: TestSocket
    private var decoder: HTTPResponseDecoder
    private var frames = SSEDecoder(frameBytes: 64 << 20)

    /// - Parameter pauses: it takes little more than the head until `resume`.
    public static func open(
        _ port: UInt16, _ target: String, headers: [(String, String)] = [], pauses: Bool = false
    ) throws -> PlainStream {
        let socket = try TestSocket(port: port, pauses: pauses)
        var request = HTTPRequestHead(target: target, headers: ["host": "127.0.0.1:\(port)", "accept": "text/event-stream"])
        for (name, value) in headers { request.headers.add(name, value) }
        var bytes: [UInt8] = []
        request.encoded(into: &bytes)
        socket.write(bytes)
        var decoder = HTTPResponseDecoder(limits: HTTPLimits(bodyBytes: .max))
        decoder.expect(method: "GET")
        while true {
            switch decoder.next() {
            case .head(let head): return PlainStream(head, socket, decoder)
            case .needMore:
                guard let bytes = try socket.read() else { throw PlainExchange.Broken(reason: "no answer") }
                decoder.receive(bytes)
            case .body, .end, .fail: throw PlainExchange.Broken(reason: "not an answer")
            }
        }
    }

    private init(_ head: HTTPResponseHead, _ socket: TestSocket, _ decoder: HTTPResponseDecoder) {
        self.head = head
        self.socket = socket
        self.decoder = decoder
    }

    deinit { socket.close() }

    public func resume() { socket.resume() }

    /// The next frame; nil at the end of the stream. Comments are passed over.
    public func next() throws -> SSEFrame? {
        while true {
            switch frames.next() {
            case .frame(let frame): return frame
            case .comment, .oversize: continue
            case .needMore: break
            }
            switch decoder.next() {
            case .body(let bytes): frames.receive(bytes)
            case .needMore:
                guard let bytes = try socket.read() else { return nil }
                decoder.receive(bytes)
            case .end:
                isWhole = true
                return nil
            case .head, .fail: return nil
            }
        }
    }

    /// The JSON of the frames up to the first whose `type` is this.
    public func frames(until type: String) throws -> [JSONValue] {
        var values: [JSONValue] = []
        while let frame = try next() {
            let value = try JSON.parse(frame.data)
            values.append(value)
            if value["type"]?.string == type { return values }
        }
        throw PlainExchange.Broken(reason: "the stream ended before \(type)")
    }
}
