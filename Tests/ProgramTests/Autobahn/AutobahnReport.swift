// What Autobahn's suite leaves behind: `index.json`, for the one server that was judged.

import Foundation

struct AutobahnReport {
    struct Result: CustomStringConvertible {
        let name: String
        let verdict: Verdict

        /// `NON-STRICT` is what the suite calls right but earlier or later than it would; `INFORMATIONAL` is no judgement.
        var isPassed: Bool {
            ["OK", "NON-STRICT", "INFORMATIONAL"].contains(verdict.behavior) && ["OK", "INFORMATIONAL"].contains(verdict.behaviorClose)
        }
        var description: String { "\(name): \(verdict.behavior), its close \(verdict.behaviorClose)" }
    }

    struct Verdict: Decodable {
        let behavior: String
        let behaviorClose: String
    }

    let results: [Result]

    init(folder: URL) throws {
        let index = try Data(contentsOf: folder.appendingPathComponent("index.json"))
        let servers = try JSONDecoder().decode([String: [String: Verdict]].self, from: index)
        results = servers.values.flatMap { $0 }.map { Result(name: $0.key, verdict: $0.value) }
    }
}
