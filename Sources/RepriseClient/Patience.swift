/// How long one try of a command may take, and all of them.
struct Patience {
    var each: Duration
    var all: Duration

    /// A server that takes a command and is silent is asked again, too, before the patience is over.
    init(_ options: RepriseOptions) {
        all = options.commandTimeout
        each = min(options.requestTimeout, max(all / 3, .seconds(1)))
    }

    mutating func limit(to all: Duration) {
        self.all = min(self.all, all)
        each = min(each, all)
    }
}
