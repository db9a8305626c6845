// How a server ends.

public enum ScriptedDeath: String, Sendable {
    case kill, terminate
}
