// A session under an id of ours. An id that exists is answered by its session, so sending it again makes no second one.

import RelayProtocol
import Wire

struct OpenCode2Creating: UpstreamExchange {
    let identifier: String
    let directory: String
    let title: String?
    let agent: String?
    let model: ModelChoice?

    mutating func next(_ answers: [UpstreamAnswer]) -> ExchangeStep<CommandResult> {
        guard let answer = answers.first else { return .send([.json("POST", "/api/session", body)]) }
        switch OpenCode2Answer.data(answer, of: "creating a session") {
        case .success(let session):
            let id = session["id"]?.string ?? identifier
            return .done(.done(result: JSONWriter.object { $0.member("id", id) }))
        case .failure(.unexpected(let status, _)) where (400..<500).contains(status):
            return .done(.refused(code: "upstream_refused", detail: OpenCode2Answer.sentence(answer)))
        case .failure(let failure): return .failed(failure)
        }
    }

    private var body: [UInt8] {
        JSONWriter.object { writer in
            writer.member("id", identifier)
            writer.member("title", title)
            writer.member("agent", agent)
            if let model {
                writer.key("model")
                model.write(to: &writer)
            }
            writer.key("location")
            writer.object { $0.member("directory", directory) }
        }
    }
}

extension ModelChoice {
    /// As 2.x takes it.
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", id)
            writer.member("providerID", provider)
            writer.member("variant", variant)
        }
    }
}
