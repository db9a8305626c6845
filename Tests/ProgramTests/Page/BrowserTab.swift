// A tab of a browser, by the Chrome DevTools Protocol: what is asked is JavaScript in the page, and an answer is waited for.

import Foundation
import TestSupport
import Testing
import Wire

final class BrowserTab {
    /// The last message of the agent is whole and the session rests.
    static let isIdle = "document.querySelector('#status').hidden && !document.querySelector('.text[data-open]')"

    struct Refused: Error, CustomStringConvertible {
        let description: String

        /// The page went while it was asked; the next one is asked again.
        var isOfNavigation: Bool { description.contains("context was destroyed") || description.contains("navigated or closed") }
    }

    /// It lives as long as its tabs.
    private let browser: Chromium
    private let socket: MessageSocket
    private var lastNumber = 0

    init(of browser: Chromium, port: UInt16, target: String) throws {
        self.browser = browser
        socket = try MessageSocket(port: port, target: target)
    }

    /// What the browser answers to one command.
    @discardableResult
    func ask(_ method: String, _ parameters: [String: String] = [:]) throws -> JSONValue {
        lastNumber += 1
        let fields = parameters.map { "\(Self.quoted($0)):\($1)" }.joined(separator: ",")
        try socket.send(#"{"id":\#(lastNumber),"method":"\#(method)","params":{\#(fields)}}"#)
        while true {
            let message = try JSON.parse(try socket.receive(), depth: 1024)
            guard message["id"]?.int == lastNumber else { continue }
            guard let result = message["result"] else { throw Refused(description: String(decoding: message.raw, as: UTF8.self)) }
            return result
        }
    }

    /// The value of a JavaScript expression in the page, which may be a promise.
    @discardableResult
    func evaluate(_ expression: String) throws -> JSONValue? {
        let result = try ask(
            "Runtime.evaluate", ["expression": Self.quoted(expression), "awaitPromise": "true", "returnByValue": "true"])
        if let failure = result["exceptionDetails"] { throw Refused(description: String(decoding: failure.raw, as: UTF8.self)) }
        return result["result"]?["value"]
    }

    /// Waits until an expression is true in the page, which may be loaded anew meanwhile.
    func wait(until condition: String, _ why: String? = nil) throws {
        let end = ContinuousClock.now + RunningProgram.patience
        while ContinuousClock.now < end {
            do {
                if try isTrueSoon(condition) { return }
            } catch let refused as Refused where refused.isOfNavigation {}
        }
        throw Refused(description: "never: \(why ?? condition); the page says: \(try text("body"))")
    }

    private func isTrueSoon(_ condition: String) throws -> Bool {
        try evaluate(
            """
            new Promise(done => {
              const end = Date.now() + 1000;
              const look = () => {
                let met = false;
                try { met = Boolean(\(condition)); } catch {}
                if (met || Date.now() > end) done(met); else setTimeout(look, 20);
              };
              look();
            })
            """)?.bool == true
    }

    /// The text of the first element of a selector, as a person sees it.
    func text(_ selector: String) throws -> String {
        try evaluate("document.querySelector(\(Self.quoted(selector)))?.innerText ?? ''")?.string ?? ""
    }

    func click(_ selector: String) throws { try evaluate("document.querySelector(\(Self.quoted(selector))).click(), true") }

    /// Writes into a field as keys would, and presses Enter.
    func type(_ words: String, into selector: String) throws {
        try evaluate("document.querySelector(\(Self.quoted(selector))).focus(), true")
        try ask("Input.insertText", ["text": Self.quoted(words)])
        let enter = ["key": #""Enter""#, "code": #""Enter""#, "windowsVirtualKeyCode": "13"]
        try ask("Input.dispatchKeyEvent", enter.merging(["type": #""keyDown""#, "text": #""\r""#]) { $1 })
        try ask("Input.dispatchKeyEvent", enter.merging(["type": #""keyUp""#]) { $1 })
    }

    /// A picture of the page, for people.
    func screenshot(to path: String) throws {
        let data = try ask("Page.captureScreenshot")["data"]?.string ?? ""
        try Data(base64Encoded: data)?.write(to: URL(filePath: path))
    }

    /// A string as JSON and JavaScript write it.
    static func quoted(_ text: String) -> String {
        String(decoding: JSONWriter.object { $0.member("text", text) }.dropFirst(#"{"text":"#.utf8.count).dropLast(), as: UTF8.self)
    }
}
