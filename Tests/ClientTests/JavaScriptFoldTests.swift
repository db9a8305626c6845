// The page's fold, as node runs it: every vector, and an older page that comes between the events in every order that there is.

import Foundation
import TestSupport
import Testing
import Wire

@Suite(.ownThread, .enabled(if: NodeProgram.path != nil, "no node")) struct JavaScriptFoldTests {
    private static let here = URL(filePath: #filePath).deletingLastPathComponent()

    @Test(.timeLimit(.minutes(1))) func `folds every vector, and older pages whenever they come`() throws {
        let paths = ["run-folds.mjs", "../../Sources/WebPage/page/fold.js", "../../protocol/vectors/fold"].map {
            Self.here.appending(path: $0).standardizedFileURL.path()
        }
        let (status, output) = try NodeProgram.run(try #require(NodeProgram.path), paths)
        #expect(status == 0)
        let said = try JSON.parse(Array(output.utf8))
        #expect(said["wrong"]?.items.compactMap(\.string) == [])
        #expect((said["tried"]?.int ?? 0) > 1000)
    }
}
