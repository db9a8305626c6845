// What both generations have: who they are, what is planned, what was said, what is always allowed.

struct ScriptedCore: Sendable {
    var options: ScriptedOptions
    var choose: @Sendable (_ prompt: String) -> Script
    var identifiers: ScriptedIdentifiers
    var schedule = ScriptedSchedule()
    /// What the event stream has to say.
    var frames: [UInt8] = []
    var rules: [(id: String, rule: ScriptedRule)] = []
    /// Sessions with a run, in the order of their beginning.
    var running: [String] = []
    private var calls = 0

    init(options: ScriptedOptions) {
        self.options = options
        let generation = options.generation
        choose = { Script.chosen(by: $0, for: generation) }
        identifiers = ScriptedIdentifiers(seed: options.seed)
    }

    mutating func newCallID() -> String {
        calls += 1
        return "call_\(calls)"
    }

    func isAllowed(_ ask: ScriptTool.Ask) -> Bool {
        ScriptedRule.all(of: ask).allSatisfy { wanted in rules.contains { $0.rule == wanted } }
    }
}
