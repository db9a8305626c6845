// Why a connection is failed, as the close frame will say it.

struct WebSocketFault: Error, Equatable {
    let code: UInt16
    let reason: String

    static func protocolError(_ reason: String) -> WebSocketFault {
        WebSocketFault(code: WebSocketCloseCode.protocolError, reason: reason)
    }

    static let notUTF8 = WebSocketFault(code: WebSocketCloseCode.invalidPayload, reason: "a text is not UTF-8")
    static let tooBig = WebSocketFault(code: WebSocketCloseCode.messageTooBig, reason: "a message is too big")
}
