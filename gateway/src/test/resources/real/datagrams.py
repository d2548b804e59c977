"""Datagrams from one side to the other.

datagrams.py echo PORT                    sends back whatever comes, to IPv4 and IPv6 alike
datagrams.py ask HOST PORT SIZE [FROM]    sends SIZE bytes and prints what came back: "SIZE from ADDRESS PORT", or "nothing"
"""

import socket
import sys


def echo(port):
    server = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    server.bind(("::", port))
    while True:
        data, sender = server.recvfrom(65535)
        server.sendto(data, sender)


def ask(host, port, size, source=""):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    client = socket.socket(family, socket.SOCK_DGRAM)
    client.bind((source, 0))
    client.settimeout(1)
    question = bytes(i % 251 for i in range(size))
    for _ in range(2):
        client.sendto(question, (host, port))
        try:
            data, sender = client.recvfrom(65535)
        except TimeoutError:
            continue
        what = str(len(data)) if data == question else "something else"
        print(f"{what} from {sender[0]} {sender[1]}")
        return
    print("nothing")


if sys.argv[1] == "echo":
    echo(int(sys.argv[2]))
else:
    ask(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), *sys.argv[5:])
