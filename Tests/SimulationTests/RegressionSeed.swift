// Schedules in which something was found. A change of Reprise changes what a schedule does, so beside each of these stands a test of its own
// for what was mended; they are kept because where one fault was others may be.

import ScriptedOpenCode
import Testing

struct RegressionSeed: Sendable, CustomTestStringConvertible {
    let generation: ScriptedGeneration
    let seed: UInt64
    let steps: Int
    /// Of an OpenCode that asks.
    var asks = false
    let what: String

    var testDescription: String { "\(generation) \(seed) (\(steps) steps): \(what)" }

    static let all = [
        RegressionSeed(
            generation: .second, seed: 30, steps: 2232,
            what: "a read that was wanted is lost with two kills in a row, and with it a prompt of ours whose text nobody knew"),
        RegressionSeed(
            generation: .first, seed: 46, steps: 506,
            what: "a session that was read before the stream was lost again does not say that words of it were missed since"),
        RegressionSeed(
            generation: .first, seed: 442, steps: 379,
            what: "a read whose status is older than its messages holds a turn closed whose answer streams"),
        RegressionSeed(
            generation: .first, seed: 68, steps: 598, asks: true,
            what: "an approval goes out behind the stop of its turn, and its tool runs"),
        RegressionSeed(
            generation: .first, seed: 654, steps: 348, asks: true,
            what: "a turn ends at the idle of a second stop, and its message stays open when the stream is lost then"),
        RegressionSeed(
            generation: .first, seed: 391, steps: 488, asks: true,
            what: "the frame that begins a text which a read had found is said although the log has the same"),
    ]
}
