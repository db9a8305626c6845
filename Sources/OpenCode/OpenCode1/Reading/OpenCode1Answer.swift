// What every conversation with 1.18 does with an answer: a body or a failure.

import Wire

enum OpenCode1Answer {
    /// The JSON of a 200, or why there is none. What must be a list says so by `kind`: anything else would pass for an empty one, and what is
    /// missing from a list is taken for removed.
    static func body(_ answer: UpstreamAnswer, of what: StaticString, kind: JSONKind? = nil) -> Result<JSONValue, UpstreamFailure> {
        if case .tooLarge = answer { return .failure(.unexpected(status: 200, detail: "\(what): the answer is too large")) }
        if case .late = answer { return .failure(.late) }
        guard case .answered(let status, let isJSON, _, let body) = answer else { return .failure(.unreachable) }
        if status == 401 { return .failure(.unauthorized) }
        guard status == 200, isJSON, let value = UpstreamJSON.parse(body), kind == nil || value.kind == kind else {
            return .failure(.unexpected(status: status, detail: what.description))
        }
        return .success(value)
    }

    /// 404 for the session itself; a missing message says another sentence.
    static func isSessionGone(_ answer: UpstreamAnswer) -> Bool {
        guard case .answered(404, true, _, let body) = answer, let error = try? JSON.parse(body) else { return false }
        return error["name"]?.says("NotFoundError") == true && error["data"]?["message"]?.string?.hasPrefix("Session not found") == true
    }

    static func header(_ name: String, _ answer: UpstreamAnswer) -> String? {
        guard case .answered(_, _, let headers, _) = answer else { return nil }
        return headers.first { $0.name.lowercased() == name }?.value
    }

    /// What upstream says of a refusal, for a person.
    static func sentence(_ answer: UpstreamAnswer) -> String {
        guard case .answered(let status, let isJSON, _, let body) = answer else { return "OpenCode was not reached" }
        let error = isJSON ? try? JSON.parse(body) : nil
        let text = error?["data"]?["message"]?.string ?? error?["message"]?.string
        return text.map { String($0.prefix(300)) } ?? "OpenCode answered \(status)"
    }
}
