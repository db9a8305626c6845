// The agent of a generation.

extension ScriptedOptions {
    public func agent() -> any ScriptedAgent {
        switch generation {
        case .first: ScriptedAgent1(options: self)
        case .second: ScriptedAgent2(options: self)
        }
    }
}
