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
        text.append(contentsOf: weekdays[weekday].utf8)
        text.append(contentsOf: ", ".utf8)
        append(date.day, digits: 2, " ", to: &text)
        text.append(contentsOf: months[date.month - 1].utf8)
        text.append(UInt8(ascii: " "))
        append(date.year, digits: 4, " ", to: &text)
        append(second / 3600, digits: 2, ":", to: &text)
        append(second / 60 % 60, digits: 2, ":", to: &text)
        append(second % 60, digits: 2, " GMT", to: &text)
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

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

    private static func append(_ number: Int, digits: Int, _ end: String, to text: inout [UInt8]) {
        var power = (1..<digits).reduce(1) { power, _ in power * 10 }
        while power > 0 {
            text.append(UInt8(ascii: "0") + UInt8(number / power % 10))
            power /= 10
        }
        text.append(contentsOf: end.utf8)
    }
}
