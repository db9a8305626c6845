// P7, as OpenCode sees it: a prompt comes once. Before it comes again under its id, whoever sends it has looked for it and not found it; one
// that was delivered never comes again.

import OpenCode
import Wire

struct SentPrompts {
    /// Prompts that came, and whether somebody has looked since and found nothing.
    private var isMissing: [String: Bool] = [:]

    /// What is wrong with a request that arrives.
    mutating func arrived(_ request: UpstreamRequest, at agent: any SimulatedAgent) -> String? {
        guard request.method == "POST", let body = request.body.flatMap({ try? JSON.parse($0) }),
            let id = type(of: agent).prompt(request.target, body)
        else { return nil }
        // 2.x: so is a turn settled that a person has declined.
        if body["text"]?.string == "", agent.isDelivered(id) { return nil }
        defer { isMissing[id] = false }
        if agent.isDelivered(id) { return "P7: the prompt \(id) is sent again after it was delivered" }
        return isMissing[id] == false ? "P7: the prompt \(id) is sent again, and nobody has looked for it" : nil
    }

    mutating func answered(_ request: UpstreamRequest, status: Int) {
        guard request.method == "GET" else { return }
        for id in isMissing.keys where request.target.hasSuffix("/message/\(id)") { isMissing[id] = status == 404 }
    }
}
