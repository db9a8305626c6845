// A disk on which nothing can be written: from the start, or from some moment on.

import EventLog
import Foundation
import RelayProtocol
import TestSupport
import Testing

@Suite(.ownThread) struct ReadOnlyDiskTests {
    @Test(.enabled(if: SmallDisk.isAllowed, "no file system may be mounted"))
    func `says at the start that a disk is read-only, and leaves the log as it is`() throws {
        let disk = try SmallDisk()
        let test = try TestLog(folder: disk.folder)
        try test.append("news", ["1", "2"])
        test.close()
        let before = try Data(contentsOf: URL(fileURLWithPath: disk.folder.database))
        #expect(disk.makeReadOnly())
        do {
            try test.reopen()
            Issue.record("it was opened")
        } catch let error as LogError {
            guard case .readOnly(let why) = error else { return #expect(Bool(false), "\(error)") }
            #expect(why.contains(disk.folder.path) && error.hint != nil)
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: disk.folder.database)) == before)
    }

    @Test(.enabled(if: FailingDisk.isPossible, "no disk can be made to fail"))
    func `says that a disk has turned read-only, tells nobody what is not on it, goes on reading, and has lost nothing`() throws {
        let disk = try FailingDisk()
        let test = try TestLog(folder: disk.folder)
        let sink = SpySink()
        test.log.watch(try name("news"), sink)
        let kept = try test.append("news", ["1", "2"])
        try disk.fail()
        for _ in 1...3 {
            do {
                try test.append("news", ["3"])
                Issue.record("it was written")
            } catch let error as LogError {
                #expect(error.description.contains("the disk has failed; restart"))
            }
        }
        #expect(sink.told == ["watching news 0", "committed news 0...2"])
        #expect(try test.payloads("news") == ["1", "2"])
        #expect(try test.read { try $0.head(try name("news")) } == kept.last)
        test.close()
        try disk.unmount()
        try disk.mount()
        try test.reopen()
        #expect(try test.payloads("news") == ["1", "2"])
        #expect(try test.append("news", ["3"]).first.offset == 3)
        test.close()
    }
}
