// Replies to permissions and questions. They look only in one directory's instance, so the session's directory is needed; and an approval
// is given only while the session runs: what an aborted run had asked would still be done.

import RelayProtocol
import Wire

struct OpenCode1Replying: UpstreamExchange {
    enum Card {
        case permission(String, reply: String, message: String?)
        /// `answer` is a JSON object in our words; nil rejects.
        case question(String, answer: [UInt8]?)
    }
    private enum Step { case begin, finding, lookingUp, replying }

    let session: String
    let card: Card
    private var directory: String?
    private var step = Step.begin

    init(session: String, directory: String?, card: Card) {
        self.session = session
        self.directory = directory
        self.card = card
    }

    mutating func next(_ answers: [UpstreamAnswer]) -> ExchangeStep<CommandResult> {
        if answers.contains(where: OpenCode1Answer.isSessionGone) {
            return .done(.sessionGone)
        }
        guard step != .begin, let answer = answers.first else { return begin() }
        switch step {
        case .begin, .finding:
            switch OpenCode1Answer.body(answer, of: "a session") {
            case .failure(let failure): return .failed(failure)
            case .success(let row):
                directory = row["directory"]?.string ?? ""
                return begin()
            }
        case .lookingUp:
            switch OpenCode1Answer.body(answer, of: "the status of sessions", kind: .object) {
            case .failure(let failure): return .failed(failure)
            case .success(let map): return map.member(named: session) == nil ? .done(.notAsked) : reply()
            }
        case .replying: return replied(answer)
        }
    }

    private mutating func begin() -> ExchangeStep<CommandResult> {
        guard let directory else {
            step = .finding
            return .send([UpstreamRequest("GET", OpenCode1Target.session(session))])
        }
        guard !isRejection else { return reply() }
        step = .lookingUp
        return .send([UpstreamRequest("GET", OpenCode1Target.instance("/session/status", directory: directory))])
    }

    private var isRejection: Bool {
        switch card {
        case .permission(_, let reply, _): reply == "reject"
        case .question(_, let answer): answer == nil
        }
    }

    private mutating func reply() -> ExchangeStep<CommandResult> {
        step = .replying
        let directory = directory ?? ""
        switch card {
        case .permission(let id, let reply, let message):
            return .send([Self.permission(id, directory, reply: reply, message: message)])
        case .question(let id, nil):
            return .send([Self.reject(question: id, directory)])
        case .question(let id, let answer?):
            return .send([
                .json(
                    "POST", OpenCode1Target.instance("/question/\(PercentEncoding.encode(id))/reply", directory: directory),
                    Self.answers(answer))
            ])
        }
    }

    private func replied(_ answer: UpstreamAnswer) -> ExchangeStep<CommandResult> {
        guard case .answered(let status, _, _, _) = answer else { return .failed(.unreachable) }
        switch status {
        case 200...299: return .done(.empty)
        case 401: return .failed(.unauthorized)
        case 404: return .done(.notAsked)
        case 400: return .done(.refused(code: "upstream_refused", detail: OpenCode1Answer.sentence(answer)))
        default: return .failed(.unexpected(status: status, detail: "a reply"))
        }
    }

    private static func permission(_ id: String, _ directory: String, reply: String, message: String?) -> UpstreamRequest {
        let body = JSONWriter.object { writer in
            writer.member("reply", reply)
            writer.member("message", message)
        }
        return .json("POST", OpenCode1Target.instance("/permission/\(PercentEncoding.encode(id))/reply", directory: directory), body)
    }

    static func reject(permission id: String, _ directory: String) -> UpstreamRequest {
        permission(id, directory, reply: "reject", message: nil)
    }

    static func reject(question id: String, _ directory: String) -> UpstreamRequest {
        UpstreamRequest("POST", OpenCode1Target.instance("/question/\(PercentEncoding.encode(id))/reject", directory: directory))
    }

    /// The list is as long as the highest number that is answered; numbers above these are no fields.
    private static let fieldLimit = 64

    /// `{"q0":"a","q1":["b","c"]}` → `{"answers":[["a"],["b","c"]]}`; a question without an answer gets none.
    static func answers(_ answer: [UInt8]) -> [UInt8] {
        let value = try? JSON.parse(answer)
        let numbers = (value?.members ?? []).compactMap { $0.key.hasPrefix("q") ? Int($0.key.dropFirst()) : nil }
        // A client writes what it likes: `q-5` and the highest integer are keys too.
        let count = numbers.filter { (0..<fieldLimit).contains($0) }.max().map { $0 + 1 } ?? 0
        return JSONWriter.object { writer in
            writer.key("answers")
            writer.array { writer in
                for number in 0..<count {
                    let given = value?.member(named: "q\(number)")
                    writer.array { writer in
                        if let given, given.isArray {
                            for item in given.items { writer.raw(item.raw) }
                        } else if let given, !given.isNull {
                            writer.raw(given.raw)
                        }
                    }
                }
            }
        }
    }
}
