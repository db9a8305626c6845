// A message as the log has it, between the frames (or the row) that tell of it and the object that is said. Fields that are JSON already
// are kept as bytes.

import Wire

struct OpenCode2Message: Sendable {
    enum Role: String { case user, assistant, system }

    var id: String
    var role: Role
    /// ms since 1970; as it was first said.
    var created: Int
    var completed: Int?
    /// The turn that made it.
    var turn: Int?
    /// A JSON string.
    var agent: [UInt8]?
    /// Our model object.
    var model: [UInt8]?
    /// A JSON string.
    var finish: [UInt8]?
    /// Our error object.
    var error: [UInt8]?
    /// A JSON number.
    var cost: [UInt8]?
    /// Our tokens object.
    var tokens: [UInt8]?
    /// Its text is a compaction's.
    var isSummary = false
    /// A JSON object.
    var extra: [UInt8]?

    init(id: String, role: Role, created: Int) {
        self.id = id
        self.role = role
        self.created = created
    }

    /// From our own object, as the log holds it.
    init?(_ object: JSONValue) {
        guard let id = object["id"]?.string, let role = object["role"]?.string.flatMap(Role.init(rawValue:)) else { return nil }
        self.init(id: id, role: role, created: object["created"]?.int ?? 0)
        completed = object["completed"]?.int
        turn = object["turn"]?.int
        agent = object["agent"].bytes
        model = object["model"].bytes
        finish = object["finish"].bytes
        error = object["error"].bytes
        cost = object["cost"].bytes
        tokens = object["tokens"].bytes
        isSummary = object["summary"]?.bool == true
        extra = object["extra"].bytes
    }

    /// The message object.
    var object: [UInt8] {
        JSONWriter.object { writer in
            writer.member("id", id)
            writer.member("role", role.rawValue)
            writer.member("created", created)
            writer.member("completed", completed)
            writer.member("turn", turn)
            writer.member("agent", raw: agent)
            writer.member("model", raw: model)
            writer.member("finish", raw: finish)
            writer.member("error", raw: error)
            writer.member("cost", raw: cost)
            writer.member("tokens", raw: tokens)
            if isSummary { writer.member("summary", true) }
            writer.member("extra", raw: extra)
        }
    }
}

extension JSONValue? {
    /// A copy of the value's bytes.
    var bytes: [UInt8]? { map { Array($0.raw) } }
}
