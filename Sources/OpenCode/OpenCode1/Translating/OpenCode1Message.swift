// A message that was said: enough to leave out what would be said twice, and to know how its turn ends.

import Wire

/// A message that was said.
struct OpenCode1Message {
    var isAssistant: Bool
    /// As it was first said, ms since 1970.
    var created: Int
    /// The turn that made it.
    var turn: Int?
    var isCompleted = false
    var finish: String?
    /// An error object.
    var error: [UInt8]?
    var isAborted = false
    /// Of what was said last.
    var print: UInt64 = 0
    var parts: [String: OpenCode1KnownPart] = [:]

    /// From the object as it was said or read.
    init(_ object: JSONValue) {
        isAssistant = object["role"]?.says("assistant") == true
        created = object["created"]?.int ?? 0
        turn = object["turn"]?.int
        print = OpenCode1Words.fingerprint(object, besides: ["parts"])
        take(object)
    }

    /// The fields that decide how a turn ends.
    mutating func take(_ object: JSONValue) {
        isCompleted = object["completed"] != nil
        finish = object["finish"]?.string
        error = (object["error"]?.raw).map { Array($0) }
        isAborted = object["error"]?["name"]?.says("aborted") == true
    }
}
