// When OpenCode was not heard, by what came on the line and what became of it, not by what ingest makes of that: each of these times must be
// told in the topic `opencode`, and in the topic of each session that was busy by the log when it began, or of which words were said
// unheard; and no other may be told.

struct OutageCheck {
    struct Absence {
        let from: Int64
        let to: Int64
        let sessions: Set<String>
    }

    private(set) var all: [Absence] = []
    private var since: Int64?
    private var isHeard = false
    /// The log has refused what was heard, or that nothing is, and has taken nothing since.
    private var isRefused = false
    private var busy: Set<String> = []

    /// By the log.
    mutating func refused(at now: Int64, busy: Set<String>) {
        isRefused = true
        lost(at: now, busy: busy)
    }

    /// What is due is in the log.
    mutating func taken() { isRefused = false }

    /// With Reprise. Since when nothing was heard that the log has refused, its next life cannot know: what commands have said meanwhile stands
    /// in the log, and looks like news.
    mutating func killed(at now: Int64, busy: Set<String>) {
        if isRefused, since != nil { since = now }
        isRefused = false
        lost(at: now, busy: busy)
    }

    /// `busy`: by the log.
    mutating func lost(at now: Int64, busy: Set<String>) {
        guard isHeard else { return }
        (isHeard, since) = (false, now)
        self.busy = busy
    }

    /// The stream has greeted. `unheard`: sessions whose text had begun when it was opened.
    mutating func heard(at now: Int64, unheard: Set<String>) {
        guard !isHeard, !isRefused else { return }
        isHeard = true
        guard let since else { return }
        all.append(Absence(from: since, to: now, sessions: busy.union(unheard)))
        self.since = nil
    }

    /// Whether a time that is told was one. It may have begun earlier than the loss was seen, and go on over more than one.
    func has(from: Int64, to: Int64) -> Bool { all.contains { $0.to == to && from <= $0.from } }
}
