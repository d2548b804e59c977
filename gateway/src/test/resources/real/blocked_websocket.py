"""What the websockets library tells its program of one connection through a proxy, line by line.

usage: blocked_websocket.py PROXY_HOST PROXY_PORT USER:PASSWORD HOST PORT
"""

import asyncio
import sys

import websockets
from websockets.exceptions import ConnectionClosed, InvalidStatusCode

from tunnel import through


async def talk(host, port, connection):
    async with websockets.connect("ws://%s:%d/" % (host, port), sock=connection) as socket:
        while True:
            await socket.send("alive")
            print(await socket.recv(), flush=True)
            await asyncio.sleep(0.02)


async def main(proxy, proxy_port, tag, host, port):
    try:
        await talk(host, int(port), through((proxy, int(proxy_port)), tag)((host, int(port))))
    except InvalidStatusCode as answered:
        print("answered", answered.status_code)
    except ConnectionClosed as closed:
        print("close", closed.rcvd.code if closed.rcvd else 1006)
    except OSError as refused:
        print("error", str(refused).partition("\r")[0])


asyncio.run(main(*sys.argv[1:]))
