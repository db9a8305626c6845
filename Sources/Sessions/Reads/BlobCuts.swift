// Values of one document that are to stand as blobs. What is cut out later may hold what was cut out before: then only the outer one counts.

import Wire

struct BlobCuts {
    private let document: JSONValue
    /// In order; none in another.
    private var cuts: [JSONValue] = []
    /// What the cuts before each of them save, and at the end what all do.
    private var saved = [0]

    init(_ document: JSONValue) { self.document = document }

    /// Cuts out of `value` what is largest until it is short enough, or nothing is left that could go.
    mutating func shorten(_ value: JSONValue, to limit: Int, leaving kept: StaticString? = nil) {
        guard size(of: value) > limit else { return }
        for step in LargeValues(value, leaving: kept).steps {
            cut(step, excess: size(of: value) - limit)
        }
    }

    private mutating func cut(_ candidates: [JSONValue], excess: Int) {
        var excess = excess
        var taken: [JSONValue] = []
        let sized = candidates.map { (value: $0, saving: size(of: $0) - CutValue.referenceBytes) }
        for candidate in sized.sorted(by: { $0.saving > $1.saving }) where excess > 0 && candidate.saving > 0 {
            taken.append(candidate.value)
            excess -= candidate.saving
        }
        if !taken.isEmpty { add(taken) }
    }

    private mutating func add(_ taken: [JSONValue]) {
        let all = (cuts + taken).sorted { a, b in
            (a.range.lowerBound, b.range.upperBound) < (b.range.lowerBound, a.range.upperBound)
        }
        (cuts, saved) = ([], [0])
        for cut in all where cut.range.lowerBound >= cuts.last?.range.upperBound ?? 0 {
            cuts.append(cut)
            saved.append(saved[saved.count - 1] + cut.range.count - CutValue.referenceBytes)
        }
    }

    /// What a value has with the cuts that are in it; never less than it will have.
    private func size(of value: JSONValue) -> Int {
        value.range.count - saved[cut(from: value.range.upperBound)] + saved[cut(from: value.range.lowerBound)]
    }

    /// The first cut that does not begin before a place.
    private func cut(from place: Int) -> Int {
        var (low, high) = (0, cuts.count)
        while low < high {
            let middle = low + (high - low) / 2
            if cuts[middle].range.lowerBound < place { low = middle + 1 } else { high = middle }
        }
        return low
    }

    func written() -> [UInt8] {
        let bytes = document.raw
        var written: [UInt8] = []
        var copied = bytes.startIndex
        for cut in cuts {
            written += bytes[copied..<cut.range.lowerBound]
            written += CutValue(cut).reference
            copied = cut.range.upperBound
        }
        return written + bytes[copied...]
    }
}
