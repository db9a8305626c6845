// Requests as the server reads them, responses as the client does, targets and queries, the WebSocket handshake. What was read is written
// again and read again: the same must come out.

import Wire

enum HTTPTarget {
    static let target = FuzzTarget(name: "http", isLines: false, run: run, seeds: seeds)

    @Sendable private static func run(_ input: [UInt8]) {
        var input = FuzzInput(input)
        let (mode, variant, cut) = (input.choice(of: 3), input.byte(), input.byte())
        switch mode {
        case 0: requests(input.bytes, variant, cut)
        case 1: responses(input.bytes, variant, cut)
        default: texts(input.text)
        }
    }

    private static func limits(_ variant: UInt8) -> HTTPLimits {
        variant & 1 == 0 ? HTTPLimits() : HTTPLimits(requestLineBytes: 40, headBytes: 120, headerCount: 4, bodyBytes: 20)
    }

    private static func requests(_ bytes: [UInt8], _ variant: UInt8, _ cut: UInt8) {
        let actions = InputSplits.agree(on: bytes, cutBy: cut) { HTTPRun.requests($0, limits: limits(variant)) }
        let alone = HTTPRun.requests([bytes], limits: limits(variant), anew: true)
        check(alone == actions, "each by itself is read as \(alone), after one another as \(actions)")
        for message in HTTPRun.messages(actions) {
            guard case .request(let head) = message.head else { continue }
            read(head)
            var written: [UInt8] = []
            head.encoded(into: &written)
            HTTPRun.write(message.body, framedBy: head.headers, to: &written)
            let again = HTTPRun.requests([written], limits: HTTPRun.wide)
            check(again == [.request(head)] + HTTPRun.bodyActions(message.body), "\(head) is read again as \(again)")
        }
    }

    /// Everything that routes ask of a head.
    private static func read(_ head: HTTPRequestHead) {
        _ = (head.keepAlive, head.expectsContinue, head.queryItem("after"), head.queryItems.count, head.targetAuthority)
        let path = head.path
        check(head.target == "*" || path.utf8.first == UInt8(ascii: "/"), "the path \(path)")
        if let segments = head.pathSegments, path != "/" {
            let joined = segments.map { "/" + PercentEncoding.encode($0) }.joined()
            check(HTTPRequestHead(target: joined).pathSegments == segments, "the segments \(segments)")
        }
        guard let offer = try? WebSocketHandshake.offer(in: head) else { return }
        let key = head.headers["Sec-WebSocket-Key"] ?? ""
        guard let nonce = Base64.decode(key), Base64.encode(nonce) == key else { return }
        let answer = offer.response(subprotocol: offer.subprotocols.first)
        let chosen = try? WebSocketHandshake.check(answer, nonce: nonce, subprotocols: offer.subprotocols)
        check(chosen == .some(offer.subprotocols.first), "our own handshake is refused")
    }

    private static func responses(_ bytes: [UInt8], _ variant: UInt8, _ cut: UInt8) {
        let methods = variant & 2 == 0 ? ["GET", "HEAD", "GET"] : ["HEAD", "POST"]
        let actions = InputSplits.agree(on: bytes, cutBy: cut) {
            HTTPRun.responses($0, to: methods, limits: limits(variant), ends: variant & 4 == 0)
        }
        for message in HTTPRun.messages(actions) {
            guard case .response(let head) = message.head else { continue }
            _ = (head.keepAlive, try? WebSocketHandshake.check(head, nonce: Array(0..<16), subprotocols: ["reprise.v1"]))
            guard head.status >= 200 else { continue }
            var written: [UInt8] = []
            head.encoded(into: &written)
            if !message.body.isEmpty { HTTPRun.write(message.body, framedBy: head.headers, to: &written) }
            let again = HTTPRun.responses([written], to: [message.body.isEmpty ? "HEAD" : "GET"], limits: HTTPRun.wide, ends: true)
            check(again == [.response(head)] + HTTPRun.bodyActions(message.body), "\(head) is read again as \(again)")
        }
    }

    private static func texts(_ text: String) {
        let items = FormQuery.items(text)
        let again = FormQuery.items(FormQuery.encode(items))
        check(items.elementsEqual(again) { $0 == $1 } || items.contains { $0.name.isEmpty && $0.value.isEmpty }, "\(items), then \(again)")
        check(PercentEncoding.decode(PercentEncoding.encode(text)) == text, "percent encoding of \(text)")
        if let bytes = Base64.decode(text) { check(Base64.decode(Base64.encode(bytes)) == bytes, "base64 of \(text)") }
        if let bytes = Hex.decode(text) { check(Hex.encode(bytes) == text.lowercased(), "hex of \(text)") }
        let head = HTTPRequestHead(target: text)
        _ = (head.path, head.query, head.queryItems, head.pathSegments, head.targetAuthority)
    }

    @Sendable private static func seeds() throws -> [[UInt8]] {
        var seeds: [[UInt8]] = []
        for vector in try ProtocolFolder.json("vectors/http/requests.json")["vectors"]?.items ?? [] {
            for variant: UInt8 in 0...1 { seeds.append([0, variant, 7] + ProtocolFolder.bytes(vector["input"])) }
        }
        for vector in try ProtocolFolder.json("vectors/http/responses.json")["vectors"]?.items ?? [] {
            for variant: UInt8 in 0...7 { seeds.append([1, variant, 7] + ProtocolFolder.bytes(vector["input"])) }
        }
        let texts = ["/v1/sessions/ses_1/events?after=0007-r7k2m-0000000039&x=%20+a", "http://host:1/a%2fb/?q=1", "YWJj", "00ff"]
        let one = Array("POST /a HTTP/1.1\r\nHost: a\r\nX: y\r\nContent-Length: 1\r\n\r\nx".utf8)
        let other = Array("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nY: y\r\n\r\nxx".utf8)
        for pair in [one + one, one + other + one, other + one + other] { seeds.append([0, 0, 7] + pair) }
        return seeds + texts.map { [2, 0, 0] + Array($0.utf8) } + [[0, 0, 7] + upgrade]
    }

    private static let upgrade = Array(
        """
        GET /v1/topics/builds/websocket HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n\
        Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: reprise.v1, x\r\n\r\n
        """.utf8)
}
