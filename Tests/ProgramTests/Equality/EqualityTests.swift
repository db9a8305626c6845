// With the program following, a real OpenCode does again what was recorded of it, and all that the scripted model knows. In the end the
// program is alone, and every session equals what OpenCode last gave of it.

import TestSupport
import Testing

extension RealServers {
    @Suite(.serialized) struct EqualityTests {
        @Test(.timeLimit(.minutes(20)), arguments: Play.all)
        func `has what OpenCode has, when it is alone`(_ play: Play) {
            let outcome = Season.of(play.generation).outcome(of: play)
            #expect(outcome.failure == nil)
            #expect(outcome.differences == [], "\(outcome.differences.joined(separator: "\n"))")
        }
    }
}
