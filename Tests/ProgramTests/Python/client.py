# Somebody else's client against our server: what it reads, what it sends in fragments, and every code that a peer may close with.
#   client.py URL TOKEN TOPIC LINES
# LINES: a file with the topic's event lines. Says one line for each thing that was seen; anything else is an error.

import asyncio
import json
import sys

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

url, token, topic, lines = sys.argv[1], sys.argv[2], sys.argv[3], open(sys.argv[4]).read()
address = f"ws{url[4:]}/v1/topics/{topic}/websocket"
# RFC 6455, 7.4.1 and 7.4.2: what may stand in a close frame.
codes = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999]


def open_socket(after="earliest", **options):
    offered = ["reprise.v1", f"reprise.token.{token}"]
    return connect(f"{address}?after={after}", subprotocols=offered, compression=None, **options)


async def read_events(socket, until):
    heard = ""
    hello = None
    while len(heard) < len(until):
        for line in (await socket.recv()).splitlines(keepends=True):
            if "at" in json.loads(line):
                heard += line
            else:
                hello = hello or json.loads(line)
    assert hello["type"] == "hello" and hello["start"] == "exact", hello
    assert heard == until, "other lines than the log's"


async def main():
    async with open_socket() as socket:
        assert socket.subprotocol == "reprise.v1", socket.subprotocol
        await read_events(socket, lines)
        print("events")
        await socket.send(["{\"id\":", "\"in", "-pieces\",", "\"do\":\"stop\"}"])
        reply = json.loads(await socket.recv())
        assert reply["type"] == "reply" and reply["id"] == "in-pieces", reply
        print("fragments")
        await (await socket.ping(b"x" * 125))
        print("ping")
    for code in codes:
        async with open_socket() as socket:
            await socket.recv()
            await socket.close(code, "goodbye")
            assert socket.protocol.close_rcvd is not None and socket.protocol.close_rcvd.code == code, (code, socket.protocol.close_rcvd)
    print(f"{len(codes)} codes")
    await refused(b"\x00\x01", 1003)
    await refused(["x" * 65536] * 24, 1009)
    print("refusals")


async def refused(message, code):
    async with open_socket() as socket:
        await socket.recv()
        try:
            await socket.send(message)
            while True:
                await socket.recv()
        except ConnectionClosed as closed:
            assert closed.rcvd is not None and closed.rcvd.code == code, closed


asyncio.run(main())
