// A round laid out in time, as the real server plays it: the model streams words at a rate; deltas are collected for 100 ms per part; what a
// part or a call began is ended, in the order of reasoning, calls and texts, when the model's stream ends. So parts overlap, and a delta can
// come behind the beginning of the next part. Times are microseconds from the request to the model.

struct ScriptedTimeline {
    private(set) var acts: [(microseconds: Int, act: ScriptedAct)] = []
    private(set) var words = 0

    private let perWord: Int
    private let opening: Int
    private var clock = 0
    private var attempt = 1
    private var ordinals: [ScriptedPartKey.Kind: Int] = [:]
    private var reasonings: [(ScriptedPartKey, String)] = []
    private var calls: [ScriptedCall] = []
    private var texts: [(ScriptedPartKey, String)] = []

    private static let collecting = 100_000
    private static let perInputChunk = 4000
    private static let inputChunkBytes = 24

    /// - Parameters:
    ///   - wordsPerSecond: 0 plays all of it at once.
    ///   - callID: makes the id of a call.
    init(_ steps: [ScriptStep], wordsPerSecond: Int, directory: String, callID: () -> String) {
        perWord = wordsPerSecond == 0 ? 0 : 1_000_000 / wordsPerSecond
        // The first snapshot of a step takes its time, and a model that thinks answers later.
        if wordsPerSecond == 0 { opening = 0 } else if case .reason = steps.first { opening = 68_000 } else { opening = 0 }
        at(opening, .beginStep)
        for step in steps { add(step, directory, callID) }
        if case .fail = steps.last {} else { endAll() }
        sort()
    }

    private mutating func at(_ time: Int, _ act: ScriptedAct) { acts.append((time, act)) }

    private mutating func add(_ step: ScriptStep, _ directory: String, _ callID: () -> String) {
        switch step {
        case .reason(let text): reasonings.append((say(text, .reasoning), text))
        case .say(let text): texts.append((say(text, .text), text))
        case .flood(let first, let count): flood(first, count)
        case .tool(let tool): call(ScriptedCall(id: callID(), tool: tool.in(directory), work: .tool))
        case .question(let header, let text, let options):
            let input = Self.questionInput(header, text, options)
            call(
                ScriptedCall(
                    id: callID(), tool: ScriptTool("question", input: input), work: .question(header: header, text, options: options)))
        case .subagent(let description, let prompt):
            let input = #"{"agent":"general","description":"\#(description)","prompt":"\#(prompt)"}"#
            call(
                ScriptedCall(
                    id: callID(), tool: ScriptTool("subagent", input: input), work: .subagent(description: description, prompt: prompt)))
        case .pause(let milliseconds): clock += milliseconds * 1000
        case .retry(let milliseconds, let failure):
            attempt += 1
            at(clock + 1000, .retry(attempt: attempt, milliseconds: milliseconds, failure))
            clock += (milliseconds + 60) * 1000
            at(clock, .beginStep)
        case .fail(let failure): at(max(clock, opening) + 30_000, .fail(failure))
        }
    }

    private mutating func nextKey(_ kind: ScriptedPartKey.Kind) -> ScriptedPartKey {
        defer { ordinals[kind, default: 0] += 1 }
        return ScriptedPartKey(kind: kind, ordinal: ordinals[kind, default: 0])
    }

    /// What has been collected when the stream ends is flushed with the part's end: the deltas of a part join to its text.
    private mutating func say(_ text: String, _ kind: ScriptedPartKey.Kind) -> ScriptedPartKey {
        let key = nextKey(kind)
        let tokens = Self.tokens(text)
        words += tokens.count
        let begin = max(clock, opening)
        at(begin, .beginPart(key))
        pending[key] = (begin + Self.collecting, tokens.enumerated().map { (clock + $0.offset * perWord, $0.element) })
        clock += tokens.count * perWord
        return key
    }

    /// The words of a part with the times at which the model says them, and the first time that they are flushed.
    private var pending: [ScriptedPartKey: (flush: Int, words: [(time: Int, word: String)])] = [:]

    private mutating func flood(_ first: Int, _ count: Int) {
        let key = nextKey(.text)
        words += count * 56
        at(clock, .beginPart(key))
        at(clock, .flood(key, next: first, end: first + count))
        texts.append((key, ""))
    }

    private mutating func call(_ call: ScriptedCall) {
        at(max(clock, opening), .beginInput(call))
        calls.append(call)
        if perWord > 0 { clock += (call.tool.input.utf8.count / Self.inputChunkBytes + 1) * Self.perInputChunk }
        words += 2
    }

    private mutating func endAll() {
        let end = max(clock, opening)
        for (key, text) in reasonings { endPart(key, text, end) }
        for call in calls { at(end, .endInput(id: call.id)) }
        for (key, text) in texts { endPart(key, text, end) }
        at(end, .endStream)
        at(end + (perWord == 0 ? 0 : calls.isEmpty ? 20_000 : 6000), calls.isEmpty ? .endStep : .startCalls)
    }

    private mutating func endPart(_ key: ScriptedPartKey, _ text: String, _ end: Int) {
        if let (flush, words) = pending[key] {
            var rest = words[...]
            var time = flush
            while perWord > 0, time < end, !rest.isEmpty {
                collect(&rest, until: time, key)
                time += Self.collecting
            }
            collect(&rest, until: .max, key, at: end)
        }
        at(end, .endPart(key, text: text))
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

    private static func questionInput(_ header: String, _ text: String, _ options: [String]) -> String {
        let list = options.map { #"{"label":"\#($0)","description":"\#($0)"}"# }.joined(separator: ",")
        return #"{"questions":[{"question":"\#(text)","header":"\#(header)","options":[\#(list)]}]}"#
    }
}
