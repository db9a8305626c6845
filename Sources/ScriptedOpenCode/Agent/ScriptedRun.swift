// A run: where the script stands and what is open. Only what waits for a person, or for a child session, holds it up.

struct ScriptedRun: Sendable {
    /// An open part and what was heard of it.
    struct OpenPart: Sendable {
        let key: ScriptedPartKey
        let place: Int
        var heard: [UInt8] = []

        var text: String { String(decoding: heard, as: UTF8.self) }
    }

    var script = Script(rounds: [])
    var round = 0
    /// The assistant message of the step; empty between steps.
    var message = ""
    var isStreaming = false
    var openParts: [OpenPart] = []
    var calls: [ScriptedCall] = []
    /// What the model said in this step, in its own count.
    var words = 0
    var files: [String] = []

    /// It was begun for what steers alone: what is queued stays parked. 2.x only.
    var isSteered = false
    /// The server went on with it by itself.
    var isResumed = false
    /// How often the provider has broken off.
    var attempts = 0

    /// Somebody has stopped it, and what is open is not closed yet.
    var isAborted = false

    // 1.18 only.
    /// The prompt that is answered.
    var prompt = ""
    /// A part or a call has begun in this try.
    var hasOutput = false
    /// A person has refused what a tool asked, or a question: no step follows.
    var isDeclined = false
    /// The stream ended without a reason.
    var isUnfinished = false

    /// In place: what was heard of a flood is long.
    mutating func change(_ body: (inout ScriptedRun) -> Void) { body(&self) }

    mutating func hear(_ bytes: [UInt8], _ key: ScriptedPartKey) {
        guard let place = openParts.firstIndex(where: { $0.key == key }) else { return }
        openParts[place].heard.append(contentsOf: bytes)
    }
}
