import Reactor
import TestSupport
import Testing
import Wire

@Suite(.ownThread) struct HTTPClientTests {
    typealias Answer = Result<HTTPResponse, HTTPClientError>

    @Test func `sends what a request needs and gives the whole answer`() async throws {
        let (sent, answer): (String, Answer) = try await onLoop { loop, finish in
            var sent = ""
            let (_, client) = try finish.serve(loop) { request in
                sent = request.text
                request.answer("HTTP/1.1 201 Created\r\nContent-Length: 2\r\nX-Name: value\r\n\r\nok")
            }
            client.ask("POST", "/path?a=b", body: "{}", headers: ["content-type": "application/json"]) { answer in
                finish((sent, answer))
            }
        }
        #expect(sent.hasPrefix("POST /path?a=b HTTP/1.1\r\nHost: 127.0.0.1:"))
        #expect(sent.hasSuffix("\r\ncontent-type: application/json\r\nContent-Length: 2\r\n\r\n{}"))
        let response = try answer.get()
        #expect(response.head.status == 201)
        #expect(response.head.headers["x-name"] == "value")
        #expect(response.body == Array("ok".utf8))
    }

    @Test func `uses a connection again`() async throws {
        let connections: Int = try await onLoop { loop, finish in
            let (server, client) = try finish.serve(loop) { $0.answer(body: "\($0.number)") }
            client.ask { answer in
                #expect(answer.text == "0")
                client.ask { answer in
                    #expect(answer.text == "1")
                    finish(server.connections)
                }
            }
        }
        #expect(connections == 1)
    }

    @Test(arguments: ["Connection: close\r\nContent-Length: 1\r\n\r\nx", "Content-Length: 1\r\n\r\nxy"])
    func `does not use a connection again that is to be closed, or that said too much`(rest: String) async throws {
        let connections: Int = try await onLoop { loop, finish in
            let (server, client) = try finish.serve(loop) { $0.answer("HTTP/1.1 200 OK\r\n" + rest) }
            client.ask { answer in
                #expect(answer.text == "x")
                client.ask { _ in finish(server.connections) }
            }
        }
        #expect(connections == 2)
    }

    @Test func `reads a chunked body`() async throws {
        let answer: Answer = try await onLoop { loop, finish in
            let (_, client) = try finish.serve(loop) { request in
                request.answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2")
                loop.schedule(after: .milliseconds(1)) { request.answer("\r\nde\r\n0\r\n\r\n") }
            }
            client.ask { answer in
                finish(answer)
            }
        }
        #expect(answer.text == "abcde")
    }

    @Test func `takes a body that ends with the connection`() async throws {
        let answer: Answer = try await onLoop { loop, finish in
            let (_, client) = try finish.serve(loop) { request in
                request.answer("HTTP/1.1 200 OK\r\n\r\nall")
                request.connection.closeAfterFlush()
            }
            client.ask { answer in
                finish(answer)
            }
        }
        #expect(answer.text == "all")
    }

    @Test func `fails where the body is cut`() async throws {
        let answer: Answer = try await onLoop { loop, finish in
            let (_, client) = try finish.serve(loop) { request in
                request.answer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort")
                request.connection.closeAfterFlush()
            }
            client.ask { answer in
                finish(answer)
            }
        }
        #expect(answer.error?.mayHaveArrived == true)
        #expect(answer.error?.failureCode == "cut")
    }

    @Test func `fails where the body is longer than was allowed`() async throws {
        let answer: Answer = try await onLoop { loop, finish in
            let (_, client) = try finish.serve(loop) { $0.answer(body: String(repeating: "x", count: 1_001)) }
            client.ask { answer in
                finish(answer)
            }
        }
        #expect(answer.error?.failureCode == "too_large")
    }

    @Test func `fails when no answer comes in time, and may have arrived`() async throws {
        let answer: Answer = try await onLoop { loop, finish in
            let (_, client) = try finish.serve(loop) { _ in }
            client.ask(timeout: .milliseconds(20)) { answer in
                finish(answer)
            }
        }
        #expect(answer.error == HTTPClientError(.timedOut, mayHaveArrived: true))
    }

    @Test func `fails when nobody listens, and has not arrived`() async throws {
        let answer: Answer = try await onLoop { loop, finish in
            let (server, client) = try finish.serve(loop) { _ in }
            server.close()
            client.ask("POST") { answer in
                finish(answer)
            }
        }
        #expect(answer.error?.mayHaveArrived == false)
        #expect(answer.error?.description.contains("ECONNREFUSED") == true)
    }

    @Test func `asks no more than it may at once, in order`() async throws {
        let (most, order): (Int, [Int]) = try await onLoop { loop, finish in
            var open = 0
            var most = 0
            let (_, client) = try finish.serve(loop, maxConnections: 2) { request in
                open += 1
                most = max(most, open)
                loop.schedule(after: .milliseconds(1)) {
                    open -= 1
                    request.answer(body: "ok")
                }
            }
            var order: [Int] = []
            for number in 0..<10 {
                client.ask { _ in
                    order.append(number)
                    if order.count == 10 { finish((most, order)) }
                }
            }
        }
        #expect(most == 2)
        #expect(order.sorted() == Array(0..<10))
    }

    @Test(arguments: ["GET", "PUT", "DELETE"]) func `asks once more when an idle connection had died`(method: String) async throws {
        let (answer, requests): (Answer, Int) = try await onLoop { loop, finish in
            let (server, client) = try finish.serve(loop) { request in
                if request.number == 1 { return request.connection.reset() }
                request.answer(body: "\(request.number)")
            }
            client.ask { _ in client.ask(method) { finish(($0, server.requests)) } }
        }
        #expect(answer.text == "2")
        #expect(requests == 3)
    }

    @Test func `does not ask a third time`() async throws {
        let (answer, requests): (Answer, Int) = try await onLoop { loop, finish in
            let (server, client) = try finish.serve(loop) { request in
                if request.number >= 1 { return request.connection.reset() }
                request.answer(body: "first")
            }
            client.ask { _ in client.ask { finish(($0, server.requests)) } }
        }
        #expect(answer.error?.mayHaveArrived == true)
        #expect(requests == 3)
    }

    @Test func `never sends a command twice by itself`() async throws {
        let (answer, requests): (Answer, Int) = try await onLoop { loop, finish in
            let (server, client) = try finish.serve(loop) { request in
                if request.number == 1 { return request.connection.close() }
                request.answer(body: "first")
            }
            client.ask { _ in client.ask("POST", body: "{}") { finish(($0, server.requests)) } }
        }
        #expect(answer.error?.mayHaveArrived == true)
        #expect(requests == 2)
    }

    @Test func `a connection that was closed while idle is not used`() async throws {
        let (answer, connections): (Answer, Int) = try await onLoop { loop, finish in
            let (server, client) = try finish.serve(loop) { request in
                request.answer(body: "\(request.number)")
                if request.number == 0 { request.connection.closeAfterFlush() }
            }
            client.ask { _ in
                loop.schedule(after: .milliseconds(20)) { client.ask("POST") { finish(($0, server.connections)) } }
            }
        }
        #expect(answer.text == "1")
        #expect(connections == 2)
    }

    @Test func `does not tell what was cancelled, and goes on with what waits`() async throws {
        let told: [String] = try await onLoop { loop, finish in
            let (_, client) = try finish.serve(loop, maxConnections: 1) { request in
                if request.number > 0 { request.answer(body: "second") }
            }
            var told: [String] = []
            let first = client.ask { _ in told.append("first") }
            client.ask { answer in
                told.append(answer.text ?? "?")
                finish(told)
            }
            loop.schedule(after: .milliseconds(20)) { client.cancel(first) }
        }
        #expect(told == ["second"])
    }

    @Test func `fails what waits when the client is let go of`() async throws {
        let answer: Answer = try await onLoop { loop, finish in
            let server = finish.keep(try ScriptedHTTPServer(loop) { _ in })
            var client: HTTPClient? = HTTPClient(loop: loop, origin: server.origin, maxConnections: 1)
            client?.ask { _ in }
            client?.ask { answer in
                finish(answer)
            }
            client = nil
        }
        #expect(answer.error == HTTPClientError(.clientGone, mayHaveArrived: false))
    }

    @Test func `hands over a stream piece by piece, and nothing while it is paused`() async throws {
        let pieces: [String] = try await onLoop { loop, finish in
            let piece = String(repeating: "x", count: 100)
            let (_, client) = try finish.serve(loop) { request in
                request.answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                for _ in 0..<20 { request.answer("64\r\n\(piece)\r\n") }
                request.answer("0\r\n\r\n")
            }
            var pieces: [String] = []
            var isPaused = false
            var stream: HTTPStream?
            stream = client.stream(
                HTTPRequest(target: "/"), onHead: { #expect($0.status == 200) },
                onBody: { bytes in
                    #expect(!isPaused)
                    pieces.append(String(decoding: [UInt8](copying: bytes), as: UTF8.self))
                    stream?.pause()
                    isPaused = true
                    loop.schedule(after: .microseconds(100)) {
                        isPaused = false
                        stream?.resume()
                    }
                },
                onEnd: { error in
                    #expect(error == nil && !isPaused)
                    finish(pieces)
                })
        }
        #expect(pieces.joined() == String(repeating: "x", count: 2_000))
    }

    @Test func `a stream outlives its head's time limit, and its end is told`() async throws {
        let limit = Duration.milliseconds(500)
        let (isCut, error): (Bool, HTTPClientError?) = try await onLoop { loop, finish in
            var connection: Connection?
            let (_, client) = try finish.serve(loop) { request in
                connection = request.connection
                request.answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n")
            }
            var isCut = false
            _ = client.stream(
                HTTPRequest(target: "/"), headTimeout: limit,
                onHead: { _ in
                    // Later than the limit, which began with the request.
                    loop.schedule(after: limit) {
                        isCut = true
                        connection?.reset()
                    }
                },
                onBody: { _ in }, onEnd: { finish((isCut, $0)) })
        }
        #expect(isCut)
        guard case .closed(.some) = error?.reason else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `a stream that is cancelled from within tells nothing more`() async throws {
        let (bodies, isClosed): (Int, Bool) = try await onLoop { loop, finish in
            var bodies = 0
            var stream: HTTPStream?
            let (_, client) = try finish.serve(loop) { request in
                (request.connection.handler as? Peer)?.onClose = { _ in finish((bodies, true)) }
                request.answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n1\r\ny\r\n")
            }
            stream = client.stream(
                HTTPRequest(target: "/"), onHead: { _ in },
                onBody: { _ in
                    bodies += 1
                    stream?.cancel()
                },
                onEnd: { _ in Issue.record("told") })
        }
        #expect(bodies == 1)
        #expect(isClosed)
    }
}

extension HTTPClient {
    @discardableResult
    fileprivate func ask(
        _ method: String = "GET", _ target: String = "/", body: String = "", headers: HTTPHeaders = [:], timeout: Duration = .seconds(20),
        _ done: @escaping (Result<HTTPResponse, HTTPClientError>) -> Void
    ) -> RequestToken {
        let request = HTTPRequest(method: method, target: target, headers: headers, body: Array(body.utf8))
        return self.request(request, timeout: timeout, maxBodyBytes: 1_000, done)
    }
}

extension Result<HTTPResponse, HTTPClientError> {
    fileprivate var text: String? { (try? get()).map { String(decoding: $0.body, as: UTF8.self) } }
    fileprivate var error: HTTPClientError? { if case .failure(let error) = self { error } else { nil } }
}

extension HTTPClientError {
    fileprivate var failureCode: String? { if case .unreadable(let failure) = reason { failure.code } else { nil } }
}
