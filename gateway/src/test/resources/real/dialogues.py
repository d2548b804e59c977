"""Talks through a proxy with Python's own mail and file clients to servers of this script; prints what came of it.

usage: dialogues.py PROXY_HOST PROXY_PORT USER:PASSWORD CERTIFICATE KEY
"""

import base64
import ftplib
import hashlib
import imaplib
import json
import os
import poplib
import smtplib
import socket
import ssl
import sys
import threading

from tunnel import through

NAME = "mail.acme.test"


class Server:
    """One connection at a time, line by line; a subclass answers."""

    def __init__(self, certificate, key):
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(certificate, key)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        self.use(self.listener.accept()[0])
        self.say(self.greeting)
        for line in iter(lambda: self.lines.readline(), b""):
            if not self.answer(line.decode("ascii").strip()):
                break
        self.connection.close()

    def use(self, connection):
        self.connection = connection
        self.lines = connection.makefile("rb")

    def say(self, *lines):
        self.connection.sendall("".join(line + "\r\n" for line in lines).encode("ascii"))

    def turn_to_tls(self, last_line):
        self.say(last_line)
        self.use(self.tls.wrap_socket(self.connection, server_side=True))


class Smtp(Server):
    greeting = "220 " + NAME + " ESMTP"
    in_data = False

    def answer(self, line):
        if self.in_data:
            if line == ".":
                self.in_data = False
                self.say("250 taken")
        elif line.upper() == "STARTTLS":
            self.turn_to_tls("220 go on")
        elif line.upper().startswith("EHLO"):
            self.say("250-" + NAME, "250 STARTTLS")
        elif line.upper() == "DATA":
            self.in_data = True
            self.say("354 go on")
        else:
            self.say("221 bye" if line.upper() == "QUIT" else "250 ok")
        return line.upper() != "QUIT"


class Imap(Server):
    greeting = "* OK [CAPABILITY IMAP4rev1 STARTTLS] ready"

    def answer(self, line):
        tag, command = line.split(" ")[:2]
        if command.upper() == "STARTTLS":
            self.turn_to_tls(tag + " OK go on")
        elif command.upper() == "CAPABILITY":
            self.say("* CAPABILITY IMAP4rev1 STARTTLS", tag + " OK done")
        elif command.upper() == "LOGOUT":
            self.say("* BYE now", tag + " OK done")
        else:
            self.say(tag + " OK done")
        return command.upper() != "LOGOUT"


class Pop3(Server):
    greeting = "+OK <1.2@" + NAME + ">"

    def answer(self, line):
        if line.upper() == "STLS":
            self.turn_to_tls("+OK go on")
        elif line.upper() == "CAPA":
            self.say("+OK", "STLS", ".")
        else:
            self.say("+OK 0 0")
        return line.upper() != "QUIT"


class Ftp(Server):
    greeting = "220 files"

    def answer(self, line):
        verb = line.upper().split(" ")[0]
        if verb == "AUTH":
            self.turn_to_tls("234 go on")
        else:
            self.say({"USER": "331 and?", "PASS": "230 in", "QUIT": "221 bye"}.get(verb, "200 ok"))
        return verb != "QUIT"


class WebSocket(Server):
    """Answers the upgrade and sends one short text back."""

    def serve(self):
        self.use(self.listener.accept()[0])
        key = ""
        for line in iter(self.lines.readline, b"\r\n"):
            name, _, value = line.decode("ascii").partition(":")
            key = value.strip() if name.lower() == "sec-websocket-key" else key
        accept = base64.b64encode(hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest())
        self.say(
            "HTTP/1.1 101 Switching Protocols",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Accept: " + accept.decode("ascii"),
            "",
        )
        head = self.lines.read(6)
        text = bytes(octet ^ head[2 + at % 4] for at, octet in enumerate(self.lines.read(head[1] & 0x7F)))
        self.connection.sendall(bytes([0x81, len(text)]) + text.upper())
        self.connection.close()


def smtp(port, tls):
    with smtplib.SMTP(NAME, port, local_hostname="device") as client:
        client.starttls(context=tls)
        client.sendmail("a@acme.test", ["b@acme.test"], "Subject: hello\r\n\r\nthere\r\n")
        return client.sock.version()


def imap(port, tls):
    client = imaplib.IMAP4(NAME, port)
    client.starttls(tls)
    client.login("me", "secret")
    version = client.sock.version()
    client.logout()
    return version


def pop3(port, tls):
    client = poplib.POP3(NAME, port)
    client.stls(tls)
    client.user("me")
    client.pass_("secret")
    version = client.sock.version()
    client.quit()
    return version


def ftp(port, tls):
    client = ftplib.FTP_TLS(context=tls)
    client.connect(NAME, port)
    client.login("me", "secret")
    version = client.sock.version()
    client.quit()
    return version


def websocket(port, tls):
    connection = socket.create_connection((NAME, port))
    key = base64.b64encode(os.urandom(16)).decode("ascii")
    connection.sendall(
        (
            "GET /chat HTTP/1.1\r\nHost: %s:%d\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %s\r\n\r\n" % (NAME, port, key)
        ).encode("ascii")
    )
    answer = connection.makefile("rb")
    status = answer.readline()
    while answer.readline() != b"\r\n":
        pass
    if not status.startswith(b"HTTP/1.1 101 "):
        raise OSError(status)
    mask = os.urandom(4)
    connection.sendall(bytes([0x81, 0x85]) + mask + bytes(o ^ mask[at % 4] for at, o in enumerate(b"hello")))
    return answer.read(7)[2:].decode("ascii")


def main(host, port, tag, certificate, key):
    servers = {"smtp": Smtp, "imap": Imap, "pop3": Pop3, "ftp": Ftp, "websocket": WebSocket}
    clients = {"smtp": smtp, "imap": imap, "pop3": pop3, "ftp": ftp, "websocket": websocket}
    started = {name: server(certificate, key) for name, server in servers.items()}
    socket.create_connection = through((host, int(port)), tag)
    tls = ssl.create_default_context(cafile=certificate)
    told = {name: [started[name].port, client(started[name].port, tls)] for name, client in clients.items()}
    json.dump(told, sys.stdout)


main(*sys.argv[1:])
