// What becomes of a command that was accepted, as far as a person waits for it.

import RepriseClient
import Wire

extension RepriseClient {
    private static let pause = Duration.milliseconds(100)

    /// The command as it is when it is settled, or as it stands after so many looks.
    func outcome(of accepted: [UInt8], in session: String, looks: Int) async throws -> JSONValue {
        var command = try JSON.parse(accepted)
        let path = "/v1/sessions/\(PercentEncoding.encode(session))/commands/\(command["id"]?.string ?? "")"
        for _ in 0..<looks where command["result"] == nil && command["error"] == nil {
            try await Task.sleep(for: Self.pause)
            command = try JSON.parse(try await get(path))
        }
        return command
    }
}
