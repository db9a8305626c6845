// The routes of 1.18, percent-encoded.

import Wire

enum OpenCode1Target {
    /// A route below a session.
    static func session(_ session: String, _ rest: String = "") -> String { "/session/\(PercentEncoding.encode(session))\(rest)" }

    /// A route of one directory's instance.
    static func instance(_ path: String, directory: String) -> String { "\(path)?directory=\(PercentEncoding.encode(directory))" }
}
