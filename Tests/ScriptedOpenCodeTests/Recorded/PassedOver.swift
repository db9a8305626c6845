// A recording without calls that Reprise never makes, and without all that is about the sessions that they made.

import Wire

extension ServerRecording {
    /// - Parameter calls: `POST /fork`, or words of a frame.
    func without(_ calls: [String]) -> ServerRecording {
        guard !calls.isEmpty else { return self }
        var copy = self
        let numbers = Set(lines.compactMap { numberOfRequest($0.line, calls) })
        let sessions = lines.compactMap { madeSession($0.line, numbers) }
        copy.lines = lines.filter { !Self.isAbout($0.line, numbers, sessions, calls) }
        return copy
    }

    /// Whether a call of a session is one of these: `POST /fork` is any whose path goes on so behind the session's id.
    static func isOne(_ method: String, _ target: String, of calls: [String]) -> Bool {
        let segments = target.prefix { $0 != "?" }.split(separator: "/").drop { $0 != "session" }.dropFirst(2)
        let path = method + " /" + segments.joined(separator: "/")
        return calls.contains { path == $0 || path.hasPrefix($0 + "/") }
    }

    private func numberOfRequest(_ line: Line, _ calls: [String]) -> Int? {
        guard case .request(let number, let method, let target, _) = line, Self.isOne(method, target, of: calls) else { return nil }
        return number
    }

    private func madeSession(_ line: Line, _ numbers: Set<Int>) -> String? {
        guard case .answer(let number, let answer) = line, numbers.contains(number) else { return nil }
        let row = answer.value?["data"] ?? answer.value
        return row?["id"]?.string.flatMap { $0.hasPrefix("ses_") ? $0 : nil }
    }

    private static func isAbout(_ line: Line, _ numbers: Set<Int>, _ sessions: [String], _ calls: [String]) -> Bool {
        switch line {
        case .request(let number, _, let target, _): numbers.contains(number) || sessions.contains { target.contains($0) }
        case .answer(let number, _): numbers.contains(number)
        case .frame(let frame): (calls + sessions).contains { String(decoding: frame.raw, as: UTF8.self).contains($0) }
        case .intrusion, .note, .opening: false
        }
    }
}
