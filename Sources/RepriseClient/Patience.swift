/// How long one try of a command may take, and all of them.
struct Patience {
    var each: Duration
    var all: Duration

    init(_ options: RepriseOptions) { (each, all) = (options.requestTimeout, options.commandTimeout) }
}
