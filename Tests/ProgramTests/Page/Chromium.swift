// A browser of its own for one test, without a window, driven over its DevTools port. It ends with this object.

import Foundation
import TestSupport
import Testing
import Wire

final class Chromium {
    /// Nil where there is none: tests that need it are skipped.
    static let program = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    private let process: RunningProgram
    private let port: UInt16

    init(_ folder: TestFolder) throws {
        let arguments = [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-proxy-server", "--no-first-run",
            "--remote-debugging-port=0", "--user-data-dir=\(folder["chromium"])", "--window-size=1200,800", "about:blank",
        ]
        process = try RunningProgram(try #require(Self.program), arguments, environment: folder.environment)
        let line = try process.error(with: "DevTools listening on ws://")
        port = try #require(line.split(separator: "/").dropFirst().first?.split(separator: ":").last.flatMap { UInt16($0) })
    }

    /// The page of a relay, signed in; with this session, when it is live.
    func open(_ relay: RelayProcess, session: String? = nil) throws -> BrowserTab {
        let tab = try open("\(relay.url)/#token=\(relay.token)")
        try tab.wait(until: "!location.hash.includes('token') && localStorage.length > 0", "the token is taken out of the address bar")
        guard let session else { return tab }
        try tab.evaluate("location.hash = '\(session)'")
        try tab.wait(until: "document.querySelector('#connection').textContent === 'live'")
        return tab
    }

    /// A new tab at this address.
    func open(_ url: String) throws -> BrowserTab {
        let answer = try PlainExchange.ask(
            port, "PUT", "/json/new?\(url.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")")
        let socket = try #require(try JSON.parse(answer.body)["webSocketDebuggerUrl"]?.string, "\(answer.text)")
        return try BrowserTab(of: self, port: port, target: String(socket[try #require(socket.range(of: "/devtools")).lowerBound...]))
    }
}
