// A model endpoint as OpenAI's, so that a real OpenCode can run whole turns without a network. What it answers follows from words of the
// prompt (`ModelScripts`).

import Reactor
import Synchronization
import Wire

public final class ScriptedModel: Sendable {
    public let port: UInt16
    private let thread: LoopThread
    private let asked: Counting

    /// Requests for an answer so far, those for titles not among them.
    public var answers: Int { asked.answers.withLock { $0 } }

    /// - Parameter tokensPerSecond: 0: without a pause.
    public init(port: UInt16 = 0, tokensPerSecond: Int = 400) throws {
        let counting = Counting()
        asked = counting
        let started = BlockingQueue<Result<UInt16, SystemError>>()
        thread = EventLoop.spawn(name: "model") { loop in
            do throws(SystemError) {
                guard let address = SocketAddress(host: "127.0.0.1", port: port) else { return loop.stop() }
                let memory = ModelMemory(tokensPerSecond: tokensPerSecond, counting)
                let listener = try Listener(loop: loop, address: address) { descriptor in
                    _ = ModelPeer(loop: loop, descriptor: descriptor, memory: memory)
                }
                started.post(always: .success(listener.boundAddress.port))
            } catch {
                started.post(always: .failure(error))
                loop.stop()
            }
        }
        guard let bound = started.take() else { throw TestSocket.Failure.unreachable("no address") }
        self.port = try bound.get()
    }

    public func stop() {
        thread.stop()
        thread.join()
    }

    deinit { thread.stop() }

    final class Counting: Sendable {
        // reads: lock; writes: lock
        let answers = Mutex(0)
    }
}

/// What the model remembers across connections. Confined to its loop.
final class ModelMemory {
    let tokensPerSecond: Int
    private let counting: ScriptedModel.Counting
    private var tries: [String: Int] = [:]
    private var ids = 0

    init(tokensPerSecond: Int, _ counting: ScriptedModel.Counting) {
        self.tokensPerSecond = tokensPerSecond
        self.counting = counting
    }

    /// The status of a refusal, or the answer.
    func answer(_ question: ModelQuestion) -> Result<ModelAnswer, Refusal> {
        let items = items(for: question)
        if case .refusal(let status) = items.first { return .failure(Refusal(status: status)) }
        ids += 1
        return .success(
            ModelAnswer(items, id: "chatcmpl-\(ids)", model: question.model, tokensPerSecond: tokensPerSecond) {
                ids += 1
                return "call_\(ids)"
            })
    }

    private func items(for question: ModelQuestion) -> [ModelItem] {
        if question.wantsTitle {
            return [.text("Title: " + question.prompt.split(whereSeparator: \.isWhitespace).joined(separator: " ").prefix(30))]
        }
        counting.answers.withLock { $0 += 1 }
        let key = "\(question.userMessages) \(question.step) \(question.prompt)"
        tries[key, default: 0] += 1
        return ModelScripts.answer(to: question.prompt, step: question.step, tries: tries[key] ?? 1, question.dialect)
    }

    struct Refusal: Error {
        let status: Int
    }
}
