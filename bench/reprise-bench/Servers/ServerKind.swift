// The servers that a case measures beside each other, and how each is started. Both lie beside this program.

import Foundation

enum ServerKind: String, Codable, CaseIterable {
    case limit, reprise

    func command(data: URL) -> [String] {
        switch self {
        case .limit: [Self.program("limit")]
        case .reprise:
            [
                Self.program("reprise"), "serve", "--listen", "127.0.0.1:0", "--data", data.path, "--opencode", "none", "--log-level",
                "error",
            ]
        }
    }

    /// What its first line says.
    func target(said line: String) -> LoadTarget? {
        switch self {
        case .limit: UInt16(line).map { LoadTarget(port: $0, token: nil, saysHello: false) }
        case .reprise:
            // http://127.0.0.1:PORT/#token=TOKEN
            URLComponents(string: line).flatMap { url in
                guard let port = url.port.flatMap(UInt16.init(exactly:)), let token = url.fragment?.split(separator: "=").last else {
                    return nil
                }
                return LoadTarget(port: port, token: String(token), saysHello: true)
            }
        }
    }

    private static func program(_ name: String) -> String {
        URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().appendingPathComponent(name).path
    }
}
