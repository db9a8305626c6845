// A create that is answered by its session if the log knows it in time (a GET finds it then), else by the command: OpenCode is slow, or away,
// or what it made was not read yet. Safe to use from any thread.

import EventLog
import RelayProtocol
import Sessions
import Synchronization
import Wire

final class CreateWait: Sendable {
    private let services: Services
    private let responder: Responder
    private let race = AnswerRace<HTTPAnswer>()
    private let arrival: SessionArrival
    // reads: lock; writes: lock
    private let isSubmitted = Mutex(false)

    init(_ services: Services, _ responder: Responder) {
        self.services = services
        self.responder = responder
        arrival = SessionArrival(in: services.log) { [race] id, row in
            let headers: HTTPHeaders = ["content-type": "application/json", "location": "/v1/sessions/\(id)", "cache-control": "no-store"]
            race.finish(HTTPAnswer(201, headers: headers, body: row))
        }
    }

    func submit(_ asked: CommandRequest) {
        let isFirst = isSubmitted.withLock { isSubmitted in
            defer { isSubmitted = true }
            return !isSubmitted
        }
        guard isFirst else { return }
        services.commands.submit(asked) { [self] result in
            switch result {
            case .failure(let problem): responder.send(problem)
            case .success(let answer):
                let key = CommandKey(session: nil, by: asked.by, id: answer.id)
                race.begin { [self] whole in
                    if let whole { responder.send(whole) } else { tell(answer, key) }
                }
                guard !answer.state.isFinal else { return settled(answer) }
                // Weakly: who was answered is not kept for as long as OpenCode takes.
                services.commands.whenSettled(key) { [weak self] in self?.settled($0) }
            }
        }
    }

    /// The time is up: the client asks for the command later. Where nothing was submitted yet, `late` is: a create that is known is answered.
    func giveUp(orSubmit late: CommandRequest) {
        submit(late)
        arrival.stop()
        race.giveUp()
    }

    private func settled(_ answer: CommandAnswer) {
        if let problem = answer.problem { return race.finish(.problem(problem)) }
        guard let topic = answer.createdSession.flatMap({ TopicName($0) }) else { return race.finish(.json(answer.json, status: 202)) }
        arrival.wait(for: topic)
    }

    /// The command as it stands now.
    private func tell(_ answer: CommandAnswer, _ key: CommandKey) {
        services.commands.state(of: key) { [responder] found in
            let now = ((try? found.get()) ?? nil) ?? answer
            responder.send(.json(now.json, status: 202))
        }
    }
}
