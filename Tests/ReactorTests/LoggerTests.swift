import Reactor
import Synchronization
import TestSupport
import Testing

@Suite(.ownThread) struct LoggerTests {
    @Test func `writes time, level, message and fields as logfmt`() {
        #expect(
            line { $0.info("upstream connected", [("version", "1.18.3"), ("note", "two words")]) }
                == "time=1970-01-01T00:00:01.000Z level=info message=\"upstream connected\" version=1.18.3 note=\"two words\"\n")
    }

    @Test(arguments: [
        ("", "\"\""), ("a=b", "\"a=b\""), ("say \"hi\" \\", "\"say \\\"hi\\\" \\\\\""), ("two\nlines\r\t", "\"two\\nlines\\r\\t\""),
        ("\u{1B}[31mred", "\"\\u{1b}[31mred\""), ("\u{202E}reversed", "\"\\u{202e}reversed\""), ("\u{85}", "\"\\u{85}\""),
        ("Grüße", "\"Grüße\""),
        ("\r\n", "\"\\r\\n\""),
    ])
    func `no value ends its line or its quotes, or speaks to the terminal`(value: String, written: String) {
        #expect(line { $0.warning("m", [("k", value)]) } == "time=1970-01-01T00:00:01.000Z level=warning message=m k=\(written)\n")
    }

    @Test func `cuts a long value`() {
        let text = line { $0.error("m", [("k", String(repeating: "x", count: 1 << 20))]) }
        #expect(text.utf8.count < 1_200)
        #expect(text.hasSuffix("xx…\"\n"))
    }

    @Test func `does not even ask for the fields of a line below its level`() {
        func fields() -> [(String, String)] {
            Issue.record("asked")
            return []
        }
        #expect(line(level: .warning) { $0.info("m", fields()) } == "")
    }

    @Test func `adds its context to each line`() {
        #expect(line { $0.with([("part", "ingest")]).info("m", [("k", "v")]) }.hasSuffix(" message=m part=ingest k=v\n"))
    }

    @Test func `counters are read by name, those of one name together`() {
        let counters = Counters()
        let first = counters.counter("events_total", help: "Events.", labels: [(name: "kind", value: "a")])
        counters.gauge("waiting_bytes", help: "Bytes.", read: { 7 })
        let second = counters.counter("events_total", help: "Events.", labels: [(name: "kind", value: "b")])
        let open = counters.gauge("connections", help: "Open.")
        first.add()
        second.add(5)
        open.add(3)
        open.subtract()
        let readings = counters.readings()
        #expect(readings.map(\.name) == ["events_total", "events_total", "waiting_bytes", "connections"])
        #expect(readings.map(\.value) == [1, 5, 7, 2])
        #expect(readings.map(\.kind) == [.counter, .counter, .gauge, .gauge])
        #expect(readings[1].labels.first?.value == "b")
    }

    private func line(level: LogLevel = .debug, _ log: (Logger) -> Void) -> String {
        let written = Written()
        log(
            Logger(
                level: level, time: FixedTime(now: 1_000),
                sink: { bytes in written.text.withLock { $0 += String(decoding: bytes, as: UTF8.self) } }))
        return written.text.withLock { $0 }
    }

    private struct FixedTime: WallTime { let now: Int64 }
    private final class Written: Sendable { let text = Mutex("") }
}
