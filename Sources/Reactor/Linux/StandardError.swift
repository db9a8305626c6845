// stderr, a line at a time. What it does not take is lost: a log must not stop the program, but a pipe whose reader is
// stuck does make the writer wait.

import Glibc

enum StandardError {
    static func write(_ line: [UInt8]) {
        var rest = line[...]
        while !rest.isEmpty {
            // SAFETY: pointer and length are the slice's, for the call.
            let written = unsafe rest.withUnsafeBytes { bytes in
                try? systemCall("write") { unsafe Glibc.write(2, bytes.baseAddress, bytes.count) }
            }
            guard let count = written ?? nil, count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
