// What other threads ask of a loop.

enum LoopCommand: Sendable {
    case stop
    case perform(@Sendable (EventLoop) -> Void)
}
