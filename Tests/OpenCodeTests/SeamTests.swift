import Foundation
import Testing

/// Nothing outside the seam knows which generation of OpenCode runs.
@Suite struct SeamTests {
    private static let sources = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources").standardizedFileURL

    @Test func `no other target names either adapter`() throws {
        let files = try FileManager.default.subpathsOfDirectory(atPath: Self.sources.path()).filter { $0.hasSuffix(".swift") }
        let naming = try files.filter { file in
            try String(contentsOf: Self.sources.appending(path: file), encoding: .utf8).contains(/\bOpenCode[12]/)
        }
        #expect(naming.contains { $0.hasPrefix("OpenCode/OpenCode1/") } && naming.contains { $0.hasPrefix("OpenCode/OpenCode2/") })
        #expect(naming.filter { !$0.hasPrefix("OpenCode/") } == [])
    }
}
