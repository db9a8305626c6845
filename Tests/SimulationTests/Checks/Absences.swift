// When OpenCode was not heard, as the line knows it: each of these times must be told in the topic `opencode`.

struct Absences {
    private(set) var all: [(from: Int64, to: Int64)] = []
    private var since: Int64?
    private var isLive = false

    mutating func changed(isLive: Bool, now: Int64) {
        if isLive, let since {
            all.append((since, now))
            self.since = nil
        } else if !isLive, self.isLive {
            since = now
        }
        self.isLive = isLive
    }
}
