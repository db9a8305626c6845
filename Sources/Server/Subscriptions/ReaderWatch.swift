// Tells a reader that is slow from one that is gone: looked at with each heartbeat, and only while something that was sent is not acknowledged.
// A slow one is served as long as its kernel answers and takes a byte now and then: the sender cannot see a single one, because a window that was
// shut opens only when a sixteenth of the receiver's buffer is free. One whose kernel answers nothing is gone.

import Reactor

struct ReaderWatch {
    struct Patience {
        /// How long its kernel may take nothing, although it answers.
        var stall: Duration
        /// How long its kernel may answer nothing …
        var silence: Duration
        /// … and how many questions. Behind a window that is shut they come two minutes apart: silence alone says nothing there.
        var questions = 2
    }

    private var acknowledged: UInt32 = 0
    /// Looks in a row at which it had taken nothing since the one before.
    private var looks: UInt16 = 0

    /// Whether it is to be given up.
    /// - Parameter beat: the time between two looks.
    mutating func isOver(_ signs: PeerSigns, beat: Duration, _ patience: Patience) -> Bool {
        let now = UInt32(truncatingIfNeeded: signs.acknowledgedBytes)
        looks = now == acknowledged ? min(looks, .max - 1) + 1 : 0
        acknowledged = now
        if signs.silence >= patience.silence, signs.unansweredQuestions >= patience.questions { return true }
        return beat * Int(looks) >= patience.stall
    }
}
