// The `opencode` in PATH: where it is, what its version says, with what environment it is started and what it prints when it listens.

import Foundation

enum InstalledOpenCode {
    /// The first executable file of that name in PATH.
    static func find(_ environment: [String: String]) -> String? {
        for folder in (environment["PATH"] ?? "").split(separator: ":", omittingEmptySubsequences: true) where folder.hasPrefix("/") {
            let path = "\(folder)/opencode"
            let target = URL(filePath: path).resolvingSymlinksInPath().path
            let type = try? FileManager.default.attributesOfItem(atPath: target)[.type] as? FileAttributeType
            if type == .typeRegular, FileManager.default.isExecutableFile(atPath: target) { return path }
        }
        return nil
    }

    /// The major number of what `--version` prints: its last line that begins with a number, a `v` before it or a name.
    static func majorVersion(_ output: String) -> (major: Int, text: String)? {
        for line in output.split(whereSeparator: \.isNewline).reversed() {
            for word in line.split(separator: " ") {
                let text = word.hasPrefix("v") ? word.dropFirst() : word
                let numbers = text.split(separator: ".", omittingEmptySubsequences: false)
                if numbers.count >= 2, let major = Int(numbers[0]), numbers[1].first?.isNumber == true { return (major, String(text)) }
            }
        }
        return nil
    }

    /// The URL of the line `opencode server listening on http://HOST:PORT`.
    static func listeningURL(_ output: String) -> String? {
        for line in output.split(whereSeparator: \.isNewline) {
            guard let mark = line.range(of: "server listening on ") else { continue }
            let url = line[mark.upperBound...].prefix { !$0.isWhitespace }
            if url.hasPrefix("http://") { return String(url) }
        }
        return nil
    }

    /// Ours, without what is Reprise's own. A password makes it a server of ours alone.
    static func environment(_ ours: [String: String], password: String?, config: String?) -> [String: String] {
        var theirs = ours.filter { !$0.key.hasPrefix("REPRISE_") }
        guard let password else { return theirs }
        theirs["OPENCODE_SERVER_PASSWORD"] = password
        theirs["OPENCODE_SERVER_USERNAME"] = nil
        theirs["OPENCODE_PASSWORD"] = nil
        if let config { theirs["OPENCODE_CONFIG"] = config }
        return theirs
    }

    /// 32 characters of chance.
    static func password(_ random: inout some RandomNumberGenerator) -> String {
        let letters = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
        return String((0..<32).map { _ in letters[Int.random(in: 0..<letters.count, using: &random)] })
    }
}
