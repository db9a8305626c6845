// What ingest knows beyond single sessions and must know after a restart: the record of the topic `opencode`.
//
// When upstream was last heard follows from the log while something happens. While nothing does, heartbeats prove that upstream lives, but
// are never logged: so the time is stored at a clean stop, and while idle once in `interval` (one small transaction, no event; nobody is
// woken by it). After a crash an outage begins that much too early at most.

import Wire

struct IngestState: Sendable, Equatable {
    /// ms.
    static let interval: Int64 = 5 * 60 * 1000
    /// ms since 1970.
    var heard: Int64?
    var outages = Outages()
    /// What of the list of sessions was too large to be read, and was told.
    var listBounds: [String] = []

    init(heard: Int64?, outages: Outages, listBounds: [String] = []) {
        self.heard = heard
        self.outages = outages
        self.listBounds = listBounds
    }

    init(_ bytes: [UInt8]?) {
        guard let bytes, let value = try? JSON.parse(bytes) else { return }
        heard = value["heard"]?.int.map { Int64($0) }
        outages = Outages(value["outages"])
        listBounds = value["list_bounds"]?.items.compactMap(\.string) ?? []
    }

    var bytes: [UInt8] {
        JSONWriter.object { writer in
            writer.member("heard", heard.map { Int($0) })
            if !listBounds.isEmpty { writer.member("list_bounds", strings: listBounds) }
            guard !outages.pending.isEmpty else { return }
            writer.key("outages")
            outages.write(to: &writer)
        }
    }
}
