// Which OpenCode is it? Asked at each connect, because a service is replaced under us. 2.x says `GET /api/info` with a version and a numeric
// pid; 1.x says `GET /global/health` with `healthy` and a version. Both answer unknown paths with their web page and 200, so only JSON
// counts, and never another route: 1.x has a preview of 2.x under the same paths, with other bodies.

import Wire

/// An OpenCode that is known and ready.
public struct GateAnswer: Sendable {
    public var adapter: any UpstreamAdapter
    public var version: String
    /// 2.x only. Another one than before: the server was restarted.
    public var processID: Int?
    /// A sentence for the log: a version that nobody has tried.
    public var warning: String?
}

/// The question as a pure machine. It fails with `unreachable` while the server is not ready, with `unauthorized`, and with `unexpected` for
/// what is no OpenCode or one of a generation that is not spoken here (the detail says which).
public struct Gate: UpstreamExchange {
    private enum Step { case begin, info, health }
    private var step = Step.begin

    public init() {}

    public mutating func next(_ answers: [UpstreamAnswer]) -> ExchangeStep<GateAnswer> {
        guard step != .begin, let answer = answers.first else {
            step = .info
            return .send([UpstreamRequest("GET", "/api/info")])
        }
        guard case .answered(let status, let isJSON, _, let body) = answer else { return .failed(.unreachable) }
        if status == 401 || status == 403 { return .failed(.unauthorized) }
        if status >= 500 || status == 429 { return .failed(.unreachable) }
        let value = status == 200 && isJSON ? try? JSON.parse(body) : nil
        return step == .info ? informed(value) : examined(value, status)
    }

    private mutating func informed(_ info: JSONValue?) -> ExchangeStep<GateAnswer> {
        if let version = info?["version"]?.string, let processID = info?["pid"]?.int { return Self.open(version, processID: processID) }
        step = .health
        return .send([UpstreamRequest("GET", "/global/health")])
    }

    private func examined(_ health: JSONValue?, _ status: Int) -> ExchangeStep<GateAnswer> {
        guard let health else { return .failed(.unexpected(status: status, detail: "what answers there is no OpenCode")) }
        guard health["healthy"]?.bool == true, let version = health["version"]?.string else { return .failed(.unreachable) }
        return Self.open(version, processID: nil)
    }

    private static func open(_ version: String, processID: Int?) -> ExchangeStep<GateAnswer> {
        let numbers = version.split(separator: ".").prefix(2).map { Int($0) }
        let minor = numbers.count > 1 ? numbers[1] : nil
        guard let generation = OpenCodeGeneration(major: numbers.first ?? nil, says: processID) else {
            return .failed(.unexpected(status: 200, detail: "OpenCode \(version) is not spoken here: 1.18, 1.19 and 2.x are"))
        }
        let isTried = minor.map { generation.triedMinors.contains($0) } ?? false
        let warning = isTried ? nil : "OpenCode \(version) was never tried with this Reprise; \(generation.triedText) were"
        return .done(GateAnswer(adapter: generation.adapter, version: version, processID: processID, warning: warning))
    }
}

/// The generations that are spoken here.
enum OpenCodeGeneration {
    case first, second

    /// A version and the route that told it must agree.
    init?(major: Int?, says processID: Int?) {
        switch (major, processID) {
        case (1, nil): self = .first
        case (2, .some): self = .second
        default: return nil
        }
    }

    var adapter: any UpstreamAdapter {
        switch self {
        case .first: OpenCode1()
        case .second: OpenCode2()
        }
    }

    var triedMinors: ClosedRange<Int> {
        switch self {
        case .first: 18...19
        case .second: 0...3
        }
    }

    var triedText: String {
        switch self {
        case .first: "1.18 and 1.19"
        case .second: "2.0 to 2.3"
        }
    }
}
