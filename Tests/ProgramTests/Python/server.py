# Somebody else's server under our client. It hands out a topic of numbered events, one for each close code that a server may end with: an event
# (in fragments, behind a ping), then the close. Whoever comes back with the position of the last event gets the next.
# Prints its port, then each code that was answered with itself.

import asyncio
import http
import json
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import serve

codes = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999]


def position(number):
    return f"0001-aaaaa-{number:010}"


def line(number):
    return json.dumps({"at": position(number), "ts": 1, "event": {"number": number}}, separators=(",", ":")) + "\n"


async def handle(socket):
    after = parse_qs(urlsplit(socket.request.path).query).get("after", ["earliest"])[0]
    number = 0 if after == "earliest" else int(after.rsplit("-", 1)[1])
    hello = {"type": "hello", "protocol": "reprise.v1", "topic": "news", "start": "exact", "head": position(len(codes)), "heartbeat_ms": 25000}
    await socket.send(json.dumps(hello, separators=(",", ":")) + "\n")
    if number == len(codes):
        return await socket.wait_closed()
    await (await socket.ping(b"still there?"))
    text = line(number + 1)
    await socket.send([text[:5], "", text[5:9], text[9:]])
    code = codes[number]
    await socket.close(code, "goodbye")
    if socket.protocol.close_rcvd is not None and socket.protocol.close_rcvd.code == code:
        print(code)


# A client that is not told why its handshake was refused, or was closed with 1008, asks a page of the same topic.
def answer(connection, request):
    if "/websocket" in request.path:
        return None
    end = {"type": "end", "position": position(0), "head": position(len(codes))}
    return connection.respond(http.HTTPStatus.OK, json.dumps(end) + "\n")


async def main():
    async with serve(handle, "127.0.0.1", 0, subprotocols=["reprise.v1"], process_request=answer) as server:
        print(server.sockets[0].getsockname()[1])
        await server.serve_forever()


asyncio.run(main())
