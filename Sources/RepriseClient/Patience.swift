/// How long one try of a command may take, and all of them.
struct Patience {
    var each: Duration
    var all: Duration

    init(_ options: RepriseOptions) { (each, all) = (options.requestTimeout, options.commandTimeout) }

    mutating func limit(to all: Duration) {
        self.all = min(self.all, all)
        each = min(each, all)
    }
}
