/// What a test met instead of what it needs to go on.
struct Unexpected: Error {
    let what: String
    init(_ what: String) { self.what = what }
}
