// The servers that a case measures beside each other, and how each is started. They lie beside this program.

import Foundation

enum ServerKind: String, Codable, CaseIterable {
    /// The broadcaster in C, its log in memory.
    case limit
    /// The same with a log file, synced before anything is sent or answered.
    case synced
    case reprise

    var program: String { self == .reprise ? "reprise" : "limit" }

    func command(data: DataFolder, openCode: String?) -> [String] {
        switch self {
        case .limit: [Self.path(program)]
        case .synced: [Self.path(program), "--log", data.file("limit.log").path]
        case .reprise:
            [
                Self.path(program), "serve", "--listen", "127.0.0.1:0", "--data", data.url.path, "--opencode", openCode ?? "none",
                "--log-level", "error",
            ]
        }
    }

    /// What its first line says.
    func target(said line: String) -> LoadTarget? {
        guard self == .reprise else { return UInt16(line).map { LoadTarget(port: $0, token: nil, saysHello: false) } }
        // http://127.0.0.1:PORT/#token=TOKEN
        return URLComponents(string: line).flatMap { url in
            guard let port = url.port.flatMap(UInt16.init(exactly:)), let token = url.fragment?.split(separator: "=").last else {
                return nil
            }
            return LoadTarget(port: port, token: String(token), saysHello: true)
        }
    }

    private static func path(_ name: String) -> String {
        URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().appendingPathComponent(name).path
    }
}
