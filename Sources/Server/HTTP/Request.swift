// A request, whole: what a route is given.

import Wire

struct Request {
    let head: HTTPRequestHead
    let body: [UInt8]
    let responder: Responder
    let connection: HTTPConnection
}
