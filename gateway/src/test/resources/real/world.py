"""The internet of these tests, on every address; says when it is there. By TCP HTTP on 80, HTTPS on 443 and a WebSocket
on 8080; by UDP DNS on 53, where every name has the address 198.18.7.2.

usage: world.py CERTIFICATE KEY PAGE
"""

import asyncio
import hashlib
import http.server
import socket
import ssl
import sys
import threading
import time

import websockets

done = threading.Event()
CHUNK = bytes(range(256)) * 64


class Answers(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        what, _, number = self.path.partition("?")
        if what == "/big":
            self.begin("application/octet-stream", int(number))
            self.wfile.write((CHUNK * (int(number) // len(CHUNK) + 1))[: int(number)])
        elif what == "/slow":
            # Ten chunks a second, so that something can happen meanwhile.
            self.begin("text/plain", 10 * int(number))
            for turn in range(int(number)):
                self.wfile.write(b"%9d\n" % turn)
                time.sleep(0.1)
        elif what == "/page":
            self.answer("text/html; charset=utf-8", page)
        elif what == "/held.gif":
            done.wait(30)
            self.answer("text/plain", b"")
        elif what == "/done":
            self.answer("text/plain", b"")
            done.set()
        else:
            # Whom it sees: the gateway, or somebody who came past it.
            self.answer("text/plain", self.client_address[0].removeprefix("::ffff:").encode())

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.answer("text/plain", hashlib.sha256(body).hexdigest().encode())

    def answer(self, kind, body):
        self.begin(kind, len(body))
        self.wfile.write(body)

    def begin(self, kind, length):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length))
        self.end_headers()


class Server(http.server.ThreadingHTTPServer):
    address_family = socket.AF_INET6
    daemon_threads = True

    def server_bind(self):
        self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        super().server_bind()


def serve(port, tls=None):
    server = Server(("::", port), Answers)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()


def names():
    server = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    # An answer must come from the address that was asked, of which there are several.
    server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
    server.bind(("::", 53))
    while True:
        query, control, _, sender = server.recvmsg(512, 64)
        # The header with QR and one answer, the question, its name again by a pointer: A, IN, a minute, four bytes.
        question = query[12 : query.index(b"\0", 12) + 5]
        answer = query[:2] + b"\x85\x80\0\1\0\1\0\0\0\0" + question
        answer += b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4" + socket.inet_aton("198.18.7.2")
        server.sendmsg([answer], control, 0, sender)


async def echo(connection):
    async for message in connection:
        await connection.send(message)


async def main(certificate, key):
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    serve(80)
    serve(443, tls)
    threading.Thread(target=names, daemon=True).start()
    async with websockets.serve(echo, None, 8080):
        print("ready", flush=True)
        await asyncio.Future()


with open(sys.argv[3], "rb") as file:
    page = file.read().replace(b"ws://socket.acme.test/echo", b"ws://socket.acme.test:8080/echo")
asyncio.run(main(*sys.argv[1:3]))
