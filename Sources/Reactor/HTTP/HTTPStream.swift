// A response that is taken piece by piece, as long as it lasts.

public final class HTTPStream {
    private let exchange: HTTPExchange

    init(_ exchange: HTTPExchange) { self.exchange = exchange }

    /// No piece is handed over until `resume`; the server's sending stalls when the kernel's buffers are full.
    public func pause() {
        exchange.isPaused = true
        exchange.carrier?.pause()
    }

    public func resume() {
        guard exchange.isPaused else { return }
        exchange.isPaused = false
        exchange.carrier?.resume()
    }

    /// Gives up; nothing more is told, `onEnd` neither.
    public func cancel() {
        exchange.giveUp()
    }
}
