"""What else there is to talk to for recognition.sh, and who talks to it: DNS on 30053, a mailbox on 30143, WebSockets on
30083 and, with TLS, on 30084.

usage: recognition.py serve|ask NAME
"""

import asyncio
import imaplib
import socket
import ssl
import struct
import sys
import threading

import websockets


def answer(query):
    # The header with QR and one answer, the question, its name again by a pointer: A, IN, a minute, four bytes.
    question = query[12 : query.index(b"\0", 12) + 5]
    return query[:2] + b"\x85\x80\0\1\0\1\0\0\0\0" + question + b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\x7f\0\0\1"


def datagrams(server):
    while True:
        query, sender = server.recvfrom(4096)
        server.sendto(answer(query), sender)


def each(port, talk):
    listener = socket.create_server(("127.0.0.1", port))

    def serve():
        while True:
            threading.Thread(target=talk, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()


def names(connection):
    with connection, connection.makefile("rb") as stream:
        while len(length := stream.read(2)) == 2:
            reply = answer(stream.read(struct.unpack(">H", length)[0]))
            connection.sendall(struct.pack(">H", len(reply)) + reply)


def mailbox(tls):
    def talk(connection):
        lines = connection.makefile("rb")
        connection.sendall(b"* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n")
        while line := lines.readline():
            tag, command = line.split()[:2]
            command = command.upper()
            if command == b"CAPABILITY":
                connection.sendall(b"* CAPABILITY IMAP4rev1 STARTTLS\r\n")
            if command == b"LOGOUT":
                connection.sendall(b"* BYE\r\n")
            connection.sendall(tag + b" OK done\r\n")
            if command == b"STARTTLS":
                connection = tls.wrap_socket(connection, server_side=True)
                lines = connection.makefile("rb")
            if command == b"LOGOUT":
                break
        connection.close()

    return talk


async def echo(connection):
    async for message in connection:
        await connection.send(message)


async def serve(tls):
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 30053))
    threading.Thread(target=datagrams, args=(server,), daemon=True).start()
    each(30053, names)
    each(30143, mailbox(tls))
    async with websockets.serve(echo, "127.0.0.1", 30083), websockets.serve(echo, "127.0.0.1", 30084, ssl=tls):
        await asyncio.Future()


async def ask(name, tls):
    for scheme, port, trusted in (("ws", 30083, None), ("wss", 30084, tls)):
        named = {"server_hostname": name} if trusted else {}
        where = "%s://%s:%d/chat" % (scheme, name, port)
        async with websockets.connect(where, host="127.0.0.1", ssl=trusted, **named) as connection:
            for text in ("hello", "hello " * 50_000):
                await connection.send(text)
                assert await connection.recv() == text
            await connection.send(["in ", "frag", "ments"])
            assert await connection.recv() == "in fragments"
    for starttls in (False, True):
        mail = imaplib.IMAP4("127.0.0.1", 30143)
        if starttls:
            mail.starttls(tls)
        mail.login("me", "secret")
        mail.logout()


def main(what, name):
    if what == "serve":
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(name + ".crt", name + ".key")
        asyncio.run(serve(tls))
    else:
        tls = ssl.create_default_context(cafile=name + ".crt")
        # The mailbox is asked by its address.
        tls.check_hostname = False
        asyncio.run(ask(name, tls))


main(*sys.argv[1:])
