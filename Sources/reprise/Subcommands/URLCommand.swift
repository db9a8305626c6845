/// `reprise url`: the line that `serve` printed, again.
enum URLCommand: Subcommand {
    static let name = "url"
    static let summary = "print the URL to open, with the token"
    static let usage = """
        usage: reprise url [--data DIR] [--token-file FILE]
        """

    static func run(_ words: [String]) throws {
        let arguments = try Arguments(words, flags: [.value("--data", "DIR"), .value("--token-file", "FILE")])
        let folder = DataFolder(arguments["--data"])
        let server = try ServerFile.ofRunning(folder)
        print("\(server.url)/#token=\(try folder.token(file: arguments["--token-file"]))")
    }
}
