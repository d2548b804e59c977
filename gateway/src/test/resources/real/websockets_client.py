"""The websockets library's client talks through a proxy to the library's own server; prints what came of it.

usage: websockets_client.py PROXY_HOST PROXY_PORT USER:PASSWORD CERTIFICATE KEY
"""

import asyncio
import json
import ssl
import sys

import websockets

from tunnel import through

NAME = "socket.acme.test"
TEXT = "Grüße " * 50_000


async def echo(socket):
    async for message in socket:
        await socket.send(message)


async def talk(uri, connection, tls):
    async with websockets.connect(uri, sock=connection, ssl=tls, server_hostname=NAME if tls else None) as socket:
        await (await socket.ping())
        await socket.send("hello")
        # In fragments, of any size.
        await socket.send([TEXT[:7], TEXT[7:]])
        return {"text": await socket.recv(), "long": await socket.recv() == TEXT}


async def main(host, port, tag, certificate, key):
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificate, key)
    trusting = ssl.create_default_context(cafile=certificate)
    connect = through((host, int(port)), tag)
    told = {}
    for scheme, server_tls, client_tls in (("ws", None, None), ("wss", serving, trusting)):
        async with websockets.serve(echo, "127.0.0.1", 0, ssl=server_tls) as server:
            own = server.sockets[0].getsockname()[1]
            connection = await asyncio.to_thread(connect, (NAME, own))
            told[scheme] = {"port": own} | await talk("%s://%s:%d/chat" % (scheme, NAME, own), connection, client_tls)
    json.dump(told, sys.stdout)


asyncio.run(main(*sys.argv[1:]))
