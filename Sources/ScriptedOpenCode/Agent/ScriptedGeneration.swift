// Which OpenCode is scripted: 1.18 or 2.x.

public enum ScriptedGeneration: String, Sendable, CaseIterable {
    case first = "1"
    case second = "2"
}
