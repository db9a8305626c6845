// What both generations' agents are, seen from the life that they share (`+Playing`, `+Rounds`): where the session's run and its folder are,
// and what an act does.

protocol ScriptedMachine: ScriptedAgent {
    var core: ScriptedCore { get set }
    mutating func play(_ act: ScriptedAct, of session: String, at time: Int64)
    func run(of session: String) -> ScriptedRun?
    /// The frame of a delta of an open part; nil when there is no such part.
    mutating func deltaFrame(_ key: ScriptedPartKey, _ text: String, _ session: String, _ time: Int64) -> [UInt8]?
    mutating func change(runOf session: String, _ body: (inout ScriptedRun) -> Void)
    func directory(of session: String) -> String
}
