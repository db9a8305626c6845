// What every case is: a name, a usage text, the flags that it takes, and something to run. One file each, in `Cases/`.

protocol Case: SendableMetatype {
    static var name: String { get }
    /// One line for the list.
    static var summary: String { get }
    /// The whole help, with an example.
    static var usage: String { get }
    static var flags: [Flag] { get }
    static func run(_ flags: Flags) throws
}
