// What every conversation with 2.x does with an answer: a body, or why there is none. Errors are told by `_tag`, status second: a 404 can
// mean a directory that is missing, or a route that this version does not have.

import RelayProtocol
import Wire

enum OpenCode2Answer {
    /// The `data` of a 200 (the body itself where there is none), or why there is none.
    static func data(_ answer: UpstreamAnswer, of what: StaticString, kind: JSONKind? = nil) -> Result<JSONValue, UpstreamFailure> {
        page(answer, of: what, kind: kind).map(\.data)
    }

    /// The same with the cursor of the page that follows. What must be a list says so by `kind`: anything else would pass for an empty one,
    /// and what is missing from a list is taken for removed.
    static func page(
        _ answer: UpstreamAnswer, of what: StaticString, kind: JSONKind? = nil
    ) -> Result<(data: JSONValue, next: String?), UpstreamFailure> {
        body(answer, of: what).flatMap { body in
            let data = body.member("data") ?? body
            guard kind == nil || data.kind == kind else { return .failure(.unexpected(status: 200, detail: what.description)) }
            return .success((data, body["cursor"]?["next"]?.string))
        }
    }

    private static func body(_ answer: UpstreamAnswer, of what: StaticString) -> Result<JSONValue, UpstreamFailure> {
        if case .tooLarge = answer { return .failure(.unexpected(status: 200, detail: "\(what): the answer is too large")) }
        if case .late = answer { return .failure(.late) }
        guard case .answered(let status, let isJSON, _, let body) = answer else { return .failure(.unreachable) }
        if status == 401 { return .failure(.unauthorized) }
        guard status == 200, isJSON, let value = UpstreamJSON.parse(body) else {
            return .failure(.unexpected(status: status, detail: what.description))
        }
        return .success(value)
    }

    static func status(_ answer: UpstreamAnswer) -> Int? {
        guard case .answered(let status, _, _, _) = answer else { return nil }
        return status
    }

    static func tag(_ answer: UpstreamAnswer) -> String? { error(answer)?["_tag"]?.string }

    static func isSessionGone(_ answer: UpstreamAnswer) -> Bool {
        status(answer) == 404 && error(answer)?["_tag"]?.says("SessionNotFoundError") == true
    }

    /// What upstream says of a refusal, for a person.
    static func sentence(_ answer: UpstreamAnswer) -> String {
        guard let status = status(answer) else { return "OpenCode was not reached" }
        return error(answer)?["message"]?.string.map { String($0.prefix(300)) } ?? "OpenCode answered \(status)"
    }

    /// Why an answer that is no success cannot be used.
    static func failure(_ answer: UpstreamAnswer, of what: StaticString) -> UpstreamFailure {
        guard let status = status(answer) else { return .unreachable }
        return status == 401 ? .unauthorized : .unexpected(status: status, detail: what.description)
    }

    private static func error(_ answer: UpstreamAnswer) -> JSONValue? {
        guard case .answered(_, true, _, let body) = answer else { return nil }
        return UpstreamJSON.parse(body)
    }
}

enum OpenCode2Target {
    static let active = "/api/session/active"

    /// A route below a session.
    static func session(_ session: String, _ rest: String = "") -> String { "/api/session/\(PercentEncoding.encode(session))\(rest)" }

    /// The newest `seq`, as an event stream of one frame.
    static func log(_ session: String) -> String { "/api/experimental/session/\(PercentEncoding.encode(session))/log" }
}
