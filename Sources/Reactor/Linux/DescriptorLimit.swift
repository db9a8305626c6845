// How many descriptors this process may have open: a connection is one.

import Glibc

public enum DescriptorLimit {
    /// Raises the soft limit, which shells leave at 1,024, to the hard one. Children inherit it.
    /// - Returns: the limit now.
    @discardableResult
    public static func raise() -> Int {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        // SAFETY: the calls read or write this structure only.
        guard unsafe getrlimit(resource, &limit) == 0 else { return 1024 }
        var raised = limit
        raised.rlim_cur = raised.rlim_max
        if unsafe setrlimit(resource, &raised) == 0 { limit = raised }
        return Int(clamping: limit.rlim_cur)
    }
}
