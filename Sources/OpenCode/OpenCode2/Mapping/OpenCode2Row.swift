// The session's row, kept by the translator and said whole: events of 2.x tell single fields of it. Left out by name: slug, projectID,
// subpath, version, permissions, and `outcome`, `idle`, `viewed`, which no event tells and no judgement may rest on.

import Wire

struct OpenCode2Row: Sendable {
    /// That of the session that was asked or told of, whatever stands inside.
    let id: String
    /// JSON values in our words.
    var title: [UInt8]?
    var directory: [UInt8]?
    var parent: [UInt8]?
    var agent: [UInt8]?
    var model: [UInt8]?
    /// ms since 1970.
    var created = 0
    var updated = 0
    var archived: Int?
    var cost: [UInt8]?
    var tokens: [UInt8]?
    var revert: [UInt8]?
    /// Ours alone: upstream knows neither.
    var repository: [UInt8]?
    var branch: [UInt8]?
    /// Members that we have no field for, by name.
    var extra: [(name: String, value: [UInt8])] = []

    /// From what upstream lists.
    init(row: JSONValue, of session: String) {
        self.init(row, id: session)
        created = row["time"]?["created"]?.int ?? 0
        updated = row["time"]?["updated"]?.int ?? created
        archived = row["time"]?["archived"]?.int
        cost = row["cost"].bytes
        tokens = OpenCode2Words.tokens(row["tokens"])
        revert = row["revert"].map(OpenCode2Words.revert)
    }

    /// From `session.created`.
    init(created data: JSONValue, of session: String, at time: Int) {
        self.init(data, id: session)
        created = time
        updated = time
        cost = Array("0".utf8)
        tokens = Array(#"{"input":0,"output":0,"reasoning":0,"cacheRead":0,"cacheWrite":0}"#.utf8)
    }

    private static let known: [StaticString] = [
        "id", "sessionID", "title", "location", "parentID", "agent", "model", "time", "cost", "tokens", "revert", "slug", "projectID",
        "subpath",
        "version", "permissions", "outcome",
    ]

    private init(_ object: JSONValue, id: String) {
        self.id = id
        title = object["title"].bytes
        directory = object["location"]?["directory"].bytes
        parent = object["parentID"].bytes
        agent = object["agent"].bytes
        model = OpenCode2Words.model(object["model"])
        for (name, value) in object.members where !value.isNull && !Self.known.contains(where: { $0.description == name }) {
            extra.append((name, Array(value.raw)))
        }
    }

    /// From our own object, as the log holds it.
    init(held: JSONValue, of session: String) {
        id = session
        title = held["title"].bytes
        directory = held["directory"].bytes
        parent = held["parent"].bytes
        agent = held["agent"].bytes
        model = held["model"].bytes
        created = held["created"]?.int ?? 0
        updated = held["updated"]?.int ?? created
        archived = held["archived"]?.int
        cost = held["cost"].bytes
        tokens = held["tokens"].bytes
        revert = held["revert"].bytes
        repository = held["repo"].bytes
        branch = held["branch"].bytes
        extra = held["extra"]?.members.map { ($0.key, Array($0.value.raw)) } ?? []
    }

    mutating func setExtra(_ name: String, _ value: JSONValue?) {
        extra.removeAll { $0.name == name }
        if let value { extra.append((name, Array(value.raw))) }
    }

    /// The session object. `sums` are what a step changes: they wait for the turn's end.
    var object: [UInt8] { write(isWhole: true) }
    /// Without what waits.
    var essence: Fingerprint { Fingerprint(write(isWhole: false)) }
    var sums: Fingerprint { Fingerprint((cost ?? []) + (tokens ?? [])) }

    private func write(isWhole: Bool) -> [UInt8] {
        JSONWriter.object { writer in
            writer.member("id", id)
            writer.member("title", raw: title)
            writer.member("directory", raw: directory)
            writer.member("parent", raw: parent)
            writer.member("agent", raw: agent)
            writer.member("model", raw: model)
            writer.member("created", created)
            if isWhole { writer.member("updated", updated) }
            writer.member("archived", archived)
            if isWhole {
                writer.member("cost", raw: cost)
                writer.member("tokens", raw: tokens)
            }
            writer.member("repo", raw: repository)
            writer.member("branch", raw: branch)
            writer.member("revert", raw: revert)
            writer.member("upstream", "opencode")
            guard !extra.isEmpty else { return }
            writer.key("extra")
            writer.object { writer in
                for (name, value) in extra {
                    writer.key(named: name)
                    writer.raw(value)
                }
            }
        }
    }
}
