// The real adapter over the frames of a recording, and what it made of them, sorted into lanes as `FrameLanes` does with frames.

import OpenCode
import RelayProtocol
import ScriptedOpenCode
import Wire

struct AdapterReplay {
    private struct Session {
        var translator: any SessionTranslator
        var folded = FoldedSession()
    }

    private let adapter: any UpstreamAdapter
    private var sessions: [(id: String, session: Session)] = []
    private var normal = NormalizedJSON()
    private var now: Int64 = 1_795_000_000_000
    private(set) var lanes: [String: [String]] = [:]
    private var said: [String: String] = [:]

    init(_ frames: [JSONValue], _ generation: ScriptedGeneration, textLength: Int?) {
        adapter = generation == .first ? OpenCode1() : OpenCode2()
        normal.textLength = textLength
        for frame in frames { receive(frame) }
        for (part, text) in said where textLength == nil { lanes["said \(part)"] = [text] }
        for (id, session) in sessions {
            normal.names.enter(id)
            guard let state = try? JSON.parse(session.folded.canonicalForm, depth: 512) else { continue }
            lanes["state \(normal.names.name(id))"] = [normal.text(state)]
        }
    }

    private mutating func receive(_ frame: JSONValue) {
        guard case .session(let id) = adapter.route(frame) else { return }
        now += 20
        if !sessions.contains(where: { $0.id == id }) {
            sessions.append((id, Session(translator: adapter.translator(session: id, record: nil, held: FoldedSession()))))
        }
        guard let place = sessions.firstIndex(where: { $0.id == id }) else { return }
        let events = sessions[place].session.translator.receive(frame, now: now).events
        for event in events {
            sessions[place].session.folded.apply(event)
            add(event, id)
        }
    }

    private mutating func add(_ event: Event, _ session: String) {
        guard let value = try? JSON.parse(event.payload, depth: 512) else { return }
        let name = normal.names.name(session)
        normal.names.enter(session)
        switch event.kind {
        case .delta:
            let part = normal.names.name(value["part"]?.string ?? "") + (value["field"]?.string ?? "")
            said[part, default: ""] += value["text"]?.string ?? ""
        // When a row is said depends on when its title came; the last one is in the state.
        case .session, .upstream: break
        case .part: lanes["part " + normal.names.name(value["part"]?["id"]?.string ?? ""), default: []].append(normal.text(value))
        case .message where value["message"]?["role"]?.says("assistant") != true:
            lanes["prompt \(name)", default: []].append(normal.text(value))
        case .permission, .question: lanes["asked \(name)", default: []].append(normal.text(value))
        case .permissionClosed, .questionClosed: lanes["replied \(name)", default: []].append(normal.text(value))
        default: lanes["main \(name)", default: []].append(normal.text(value))
        }
    }

    func differences(from other: AdapterReplay) -> [String] {
        Set(lanes.keys).union(other.lanes.keys).sorted().compactMap { lane in
            let (mine, theirs) = ((lanes[lane] ?? []).joined(separator: " | "), (other.lanes[lane] ?? []).joined(separator: " | "))
            guard mine != theirs else { return nil }
            let same = max(0, zip(mine, theirs).prefix { $0 == $1 }.count - 100)
            return "\(lane)\n  played   …\(mine.dropFirst(same).prefix(400))\n  recorded …\(theirs.dropFirst(same).prefix(400))"
        }
    }
}
