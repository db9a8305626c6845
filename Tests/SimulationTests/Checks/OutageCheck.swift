// When OpenCode was not heard, as the line knows it: each of these times must be told in the topic `opencode`, and in the topic of each
// session that was busy by the log when it began, or of which words were said unheard.

struct OutageCheck {
    struct Absence {
        let from: Int64
        let to: Int64
        let sessions: Set<String>
    }

    private(set) var all: [Absence] = []
    private var since: Int64?
    private var isLive = false
    private var busy: Set<String> = []

    /// - Parameters:
    ///   - busy: by the log, at a loss.
    ///   - unheard: sessions whose text had begun when the stream that is live now was opened.
    mutating func changed(isLive: Bool, now: Int64, busy: Set<String> = [], unheard: Set<String> = []) {
        if isLive, let since {
            all.append(Absence(from: since, to: now, sessions: self.busy.union(unheard)))
            self.since = nil
        } else if !isLive, self.isLive {
            since = now
            self.busy = busy
        }
        self.isLive = isLive
    }
}
