// With the program following, a real OpenCode does again what was recorded of it, and all that the scripted model knows. In the end the
// program is alone, and every session equals what OpenCode last gave of it.

import TestSupport
import Testing

extension RealServers {
    @Suite(.serialized) struct EqualityTests {
        @Test(.timeLimit(.minutes(20)), arguments: EqualityCase.all)
        func `has what OpenCode has, when it is alone`(_ equalityCase: EqualityCase) {
            let outcome = EqualityRun.of(equalityCase.generation).outcome(of: equalityCase)
            #expect(outcome.failure == nil)
            #expect(outcome.differences == [], "\(outcome.differences.joined(separator: "\n"))")
        }
    }
}
