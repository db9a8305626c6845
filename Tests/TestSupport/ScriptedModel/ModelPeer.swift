// One connection to the scripted model.

import Reactor
import Wire

final class ModelPeer: ConnectionHandler {
    private let loop: EventLoop
    private let connection: Connection
    private let memory: ModelMemory
    private var decoder = HTTPRequestDecoder(limits: HTTPLimits(bodyBytes: 64 << 20))
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []
    private var rest: ArraySlice<(pause: Duration, piece: ModelAnswer.Piece)> = []

    init(loop: EventLoop, descriptor: consuming Descriptor, memory: ModelMemory) {
        self.loop = loop
        self.memory = memory
        connection = Connection(loop: loop, descriptor: descriptor)
        connection.handler = self
    }

    func connection(_ connection: Connection, received bytes: Span<UInt8>) {
        decoder.receive(bytes)
        read()
    }

    private func read() {
        while connection.isOpen, rest.isEmpty {
            switch decoder.next() {
            case .needMore: return
            case .head(let next):
                head = next
                body = []
            case .body(let bytes): body += bytes
            case .end: answer()
            case .refuse: return connection.close()
            }
        }
    }

    private func answer() {
        guard head?.method == "POST" else {
            return reply(200, Array(#"{"object":"list","data":[{"id":"scripted","object":"model"}]}"#.utf8))
        }
        guard let question = try? ModelQuestion(body: body) else { return reply(400, Array(#"{"error":{"message":"no JSON"}}"#.utf8)) }
        switch memory.answer(question) {
        case .failure(let refusal):
            reply(refusal.status, Array(#"{"error":{"message":"scripted failure","type":"scripted","code":\#(refusal.status)}}"#.utf8))
        case .success(let answer):
            let fields: HTTPHeaders = ["content-type": "text/event-stream", "transfer-encoding": "chunked"]
            write(HTTPResponseHead(status: 200, headers: fields))
            rest = answer.pieces[...]
            play()
        }
    }

    private func reply(_ status: Int, _ body: [UInt8]) {
        var fields: HTTPHeaders = ["content-type": "application/json", "content-length": String(body.count)]
        if status == 429 { fields.add("retry-after", "1") }
        write(HTTPResponseHead(status: status, headers: fields))
        connection.write(body)
    }

    private func write(_ head: HTTPResponseHead) {
        var bytes: [UInt8] = []
        head.encoded(into: &bytes)
        connection.write(bytes)
    }

    private func play() {
        while connection.isOpen, let next = rest.first {
            if next.pause > .zero {
                rest[rest.startIndex].pause = .zero
                loop.schedule(after: next.pause) { [self] in play() }
                return
            }
            rest.removeFirst()
            switch next.piece {
            case .frame(let frame):
                var chunk: [UInt8] = []
                HTTPChunk.append(frame, to: &chunk)
                connection.write(chunk)
            case .cut: connection.closeAfterFlush()
            case .end:
                connection.write(HTTPChunk.end)
                read()
            }
        }
    }

    func connectionDidEnd(_ connection: Connection) { connection.close() }
    func connectionDidClose(_ connection: Connection, error: SystemError?) { rest = [] }
}
