// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7) from seconds, by arithmetic: no calendar, no locale, no lock.

public enum HTTPDate {
    /// - Parameter unixSeconds: seconds since 1970 in UTC, up to the year 9999.
    public static func string(unixSeconds: Int64) -> String {
        var text: [UInt8] = []
        append(unixSeconds: unixSeconds, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    public static func append(unixSeconds: Int64, to text: inout [UInt8]) {
        let days = Int(floorDivide(unixSeconds, by: 86_400))
        let second = Int(unixSeconds - Int64(days) * 86_400)
        let date = civilDate(daysSince1970: days)
        let weekday = ((days + 4) % 7 + 7) % 7
        // Every answer has one: put together byte by byte, because interpolation costs twenty times as much.
        append(weekdays[weekday], to: &text)
        text.append(UInt8(ascii: ","))
        text.append(UInt8(ascii: " "))
        appendTwoDigits(date.day, " ", to: &text)
        append(months[date.month - 1], to: &text)
        text.append(UInt8(ascii: " "))
        appendTwoDigits(date.year / 100, nil, to: &text)
        appendTwoDigits(date.year % 100, " ", to: &text)
        appendTwoDigits(second / 3600, ":", to: &text)
        appendTwoDigits(second / 60 % 60, ":", to: &text)
        appendTwoDigits(second % 60, " ", to: &text)
        append("GMT", to: &text)
    }

    private static let weekdays: [StaticString] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months: [StaticString] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    // Counted in eras of 400 years that begin on 1 March, so that a leap day is the last of its year.
    private static func civilDate(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = Int(floorDivide(Int64(shifted), by: 146_097))
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }

    private static func floorDivide(_ number: Int64, by divisor: Int64) -> Int64 {
        number / divisor - (number % divisor < 0 ? 1 : 0)
    }

    private static func append(_ word: StaticString, to text: inout [UInt8]) {
        // SAFETY: the buffer of a static string, read within the call.
        word.withUTF8Buffer { unsafe text.append(contentsOf: $0) }
    }

    private static func appendTwoDigits(_ number: Int, _ end: Unicode.Scalar?, to text: inout [UInt8]) {
        text.append(UInt8(ascii: "0") + UInt8(number / 10))
        text.append(UInt8(ascii: "0") + UInt8(number % 10))
        if let end { text.append(UInt8(ascii: end)) }
    }
}
