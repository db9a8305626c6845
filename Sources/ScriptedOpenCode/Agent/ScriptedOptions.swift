// What a scripted agent is born with.

public struct ScriptedOptions: Sendable {
    public var generation = ScriptedGeneration.second
    /// What the gate tells; nil: the recorded server's.
    public var version: String?
    public var pid = 1
    /// Where sessions are when nobody says.
    public var directory = "/home/dev/project"
    /// Nil: everybody may enter.
    public var password: String?
    /// How fast the model speaks. 0: everything that does not wait for a person at once.
    public var wordsPerSecond = 120
    public var seed: UInt64 = 1
    /// It is the managed background service: after a restart it goes on with what ran. 2.x only.
    public var isService = false

    public init(_ generation: ScriptedGeneration = .second) { self.generation = generation }
}
