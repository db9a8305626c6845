// A round laid out in time, as the real server plays it: the model streams words at a rate, and its server passes them on in its manner.
// 1.18 says each word, ends a reasoning when something else begins, and lets a tool run as soon as its arguments are whole. 2.x collects
// words for 100 ms per part and leaves all ends to the end of the model's stream, in the order of reasoning, calls and texts: so parts
// overlap, and a delta can come behind the beginning of the next part. Times are microseconds from the request to the model.

struct ScriptedTimeline {
    private(set) var acts: [(microseconds: Int, act: ScriptedAct)] = []
    private(set) var words = 0

    private let isCollecting: Bool
    private let tools: ScriptTools
    private let directory: String
    private let perWord: Int
    private let opening: Int
    private var clock = 0
    private var attempt = 1
    private var ordinals: [ScriptedPartKey.Kind: Int] = [:]
    /// Parts that have not ended: with the words that are still to be said, and when they are passed on first.
    private var open: [OpenPart] = []
    private var calls: [String] = []
    private var brokenOff: ScriptBreak?

    private struct OpenPart {
        let key: ScriptedPartKey
        let text: String
        var flush = 0
        var words: [(time: Int, word: String)] = []
    }

    private static let collecting = 100_000
    private static let perInputPiece = 4000

    /// - Parameters:
    ///   - wordsPerSecond: 0 plays all of it at once.
    ///   - callID: makes the id of a call.
    init(
        _ steps: [ScriptStep], for generation: ScriptedGeneration, wordsPerSecond: Int, directory: String, callID: () -> String
    ) {
        isCollecting = generation == .second
        tools = ScriptTools.of(generation)
        self.directory = directory
        perWord = wordsPerSecond == 0 ? 0 : 1_000_000 / wordsPerSecond
        // The first snapshot of a step takes its time, and a model that thinks answers later.
        if isCollecting, wordsPerSecond > 0, case .reason = steps.first { opening = 68_000 } else { opening = 0 }
        at(opening, .beginStep)
        for step in steps { add(step, callID) }
        if case .fail = steps.last {} else { endAll() }
        sort()
    }

    private var begin: Int { max(clock, opening) }

    private mutating func at(_ time: Int, _ act: ScriptedAct) { acts.append((time, act)) }

    private mutating func add(_ step: ScriptStep, _ callID: () -> String) {
        switch step {
        case .reason(let text): say(text, Self.tokens(text), .reasoning, perWord)
        case .say(let text): say(text, Self.tokens(text), .text, perWord)
        case .spell(let text): say(text, text.unicodeScalars.map { String($0) }, .text, perWord)
        case .burst(let text): say(text, Self.tokens(text), .text, 0)
        case .flood(let first, let count): flood(first, count)
        case .tool(let tool): call(ScriptedCall(id: callID(), tool: tool.in(directory), work: .tool))
        case .question(let header, let text, let options):
            let tool = ScriptTool("question", input: ScriptedCall.questionInput(header, text, options))
            call(ScriptedCall(id: callID(), tool: tool, work: .question(header: header, text, options: options)))
        case .subagent(let description, let prompt):
            call(
                ScriptedCall(
                    id: callID(), tool: tools.subagent(description, prompt), work: .subagent(description: description, prompt: prompt)))
        case .pause(let milliseconds): clock += milliseconds * 1000
        case .retry(let milliseconds, let failure): retry(milliseconds, failure)
        case .fail(let failure): at(begin + 30_000, .fail(failure))
        case .breakOff(let how): brokenOff = how
        }
    }

    private mutating func retry(_ milliseconds: Int, _ failure: ScriptFailure) {
        attempt += 1
        at(clock + 1000, .retry(attempt: attempt, milliseconds: milliseconds, failure))
        clock += (milliseconds + 60) * 1000
        at(clock, .beginStep)
    }

    private mutating func nextKey(_ kind: ScriptedPartKey.Kind) -> ScriptedPartKey {
        defer { ordinals[kind, default: 0] += 1 }
        return ScriptedPartKey(kind: kind, ordinal: ordinals[kind, default: 0])
    }

    private mutating func say(_ text: String, _ tokens: [String], _ kind: ScriptedPartKey.Kind, _ perWord: Int) {
        endReasoning()
        let key = nextKey(kind)
        words += tokens.count
        at(begin, .beginPart(key))
        let said = tokens.enumerated().map { (time: clock + $0.offset * perWord, word: $0.element) }
        open.append(OpenPart(key: key, text: text, flush: begin + Self.collecting, words: isCollecting ? said : []))
        if !isCollecting { for (time, word) in said { at(time, .delta(key, word)) } }
        clock += tokens.count * perWord
    }

    /// What 1.18 does when the model turns to something else.
    private mutating func endReasoning() {
        guard !isCollecting else { return }
        for part in open where part.key.kind == .reasoning { at(begin, .endPart(part.key, text: part.text)) }
        open.removeAll { $0.key.kind == .reasoning }
    }

    private mutating func flood(_ first: Int, _ count: Int) {
        let key = nextKey(.text)
        words += count * 56
        at(clock, .beginPart(key))
        at(clock, .flood(ScriptedFlood(key: key, next: first, end: first + count)))
        open.append(OpenPart(key: key, text: ""))
    }

    private mutating func call(_ call: ScriptedCall) {
        endReasoning()
        at(begin, .beginInput(call))
        calls.append(call.id)
        words += call.tool.spokenPieces
        if perWord > 0 { clock += (call.tool.spokenPieces + 1) * Self.perInputPiece }
        if !isCollecting { at(begin, .endInput(id: call.id)) }
    }

    private mutating func endAll() {
        let end = begin
        for part in open where part.key.kind == .reasoning { endPart(part, end) }
        if isCollecting { for call in calls { at(end, .endInput(id: call)) } }
        if let brokenOff {
            for part in open { collectAll(part, end) }
            return at(end, .breakOff(brokenOff))
        }
        for part in open where part.key.kind == .text { endPart(part, end) }
        at(end, .endStream)
        guard isCollecting else { return }
        at(end + (perWord == 0 ? 0 : calls.isEmpty ? 20_000 : 6000), calls.isEmpty ? .endStep : .startCalls)
    }

    private mutating func endPart(_ part: OpenPart, _ end: Int) {
        collectAll(part, end)
        at(end, .endPart(part.key, text: part.text))
    }

    /// What has been collected when the stream ends is flushed with the part's end: the deltas of a part join to its text.
    private mutating func collectAll(_ part: OpenPart, _ end: Int) {
        var rest = part.words[...]
        var time = part.flush
        while perWord > 0, time < end, !rest.isEmpty {
            collect(&rest, until: time, part.key)
            time += Self.collecting
        }
        collect(&rest, until: .max, part.key, at: end)
    }

    /// A piece never holds more than 4 kB, as the real server's do not.
    private mutating func collect(
        _ rest: inout ArraySlice<(time: Int, word: String)>, until time: Int, _ key: ScriptedPartKey, at end: Int? = nil
    ) {
        var piece = ""
        while let first = rest.first, first.time < time {
            piece += first.word
            rest.removeFirst()
            if piece.utf8.count >= 4000 { break }
        }
        if !piece.isEmpty { at(end ?? time, .delta(key, piece)) }
        if end != nil, !rest.isEmpty { collect(&rest, until: time, key, at: end) }
    }

    private mutating func sort() {
        let ordered = acts.enumerated().sorted { ($0.element.microseconds, $0.offset) < ($1.element.microseconds, $1.offset) }
        acts = ordered.map(\.element)
    }

    /// Words with the white space before them.
    static func tokens(_ text: String) -> [String] {
        var tokens: [String] = []
        var word = String.UnicodeScalarView()
        var hasLetters = false
        for scalar in text.unicodeScalars {
            let isSpace = scalar == " " || scalar == "\n"
            if isSpace, hasLetters {
                tokens.append(String(word))
                word = String.UnicodeScalarView()
                hasLetters = false
            }
            if !isSpace { hasLetters = true }
            word.append(scalar)
        }
        if !word.isEmpty { tokens.append(String(word)) }
        return tokens
    }
}
