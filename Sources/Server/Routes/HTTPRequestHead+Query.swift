// Values of a query, each by one rule.

import RelayProtocol
import Wire

extension HTTPRequestHead {
    /// Decimal digits and nothing else; a larger number than there may be, however large, is taken as the largest.
    func number(_ name: String, _ range: ClosedRange<Int>) throws(HTTPFault) -> Int? {
        guard let text = queryItem(name) else { return nil }
        let isNumber = !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        let number = Int(text) ?? .max
        guard isNumber, number >= range.lowerBound else {
            throw HTTPFault(.badRequest, "\(name) is a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return min(number, range.upperBound)
    }

    /// False where it is not said.
    func flag(_ name: String) throws(HTTPFault) -> Bool {
        switch queryItem(name) {
        case nil, "false": false
        case "true": true
        default: throw HTTPFault(.badRequest, "\(name) is true or false")
        }
    }
}
