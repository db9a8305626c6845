// Every lesson is held by something: a recording that is played, or a test that exists.

import Foundation
import ScriptedOpenCode
import TestSupport
import Testing

@Suite(.ownThread) struct LessonTests {
    /// The sources of this target.
    private static let sources: String = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
        return files.filter { $0.pathExtension == "swift" }.compactMap { try? String(contentsOf: $0, encoding: .utf8) }.joined()
    }()

    private static func expect(_ lesson: Lesson, _ recordings: RecordedCases) {
        let shown = recordings.played.map(\.name) + recordings.shown.map(\.name)
        for recording in lesson.recordings { #expect(shown.contains(recording), "\(recording) is not played") }
        for test in lesson.tests { #expect(sources.contains("func `\(test)`"), "there is no test \(test)") }
        #expect((lesson.recordings.isEmpty && lesson.tests.isEmpty) == (lesson.exempt != nil))
    }

    @Test(arguments: Lesson.first) func `is held to what 1.18 taught`(_ lesson: Lesson) { Self.expect(lesson, .first) }
    @Test(arguments: Lesson.second) func `is held to what 2.0 taught`(_ lesson: Lesson) { Self.expect(lesson, .second) }

    @Test func `has every lesson once`() {
        #expect(Lesson.first.map(\.number) == Array(1...14))
        #expect(Lesson.second.map(\.number) == Array(1...26))
    }

    @Test(arguments: [ScriptedGeneration.first, .second]) func `looks where its lists say`(_ generation: ScriptedGeneration) {
        for shown in RecordedCases.of(generation).shown { #expect(Self.sources.contains("struct \(shown.test) ")) }
    }
}
