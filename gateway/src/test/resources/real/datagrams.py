"""Datagrams from one side to the other.

datagrams.py echo PORT                    sends back whatever comes, to IPv4 and IPv6 alike
datagrams.py ask HOST PORT SIZE [FROM]    sends SIZE bytes and prints what came back: "SIZE from ADDRESS PORT", or "nothing"
datagrams.py headers HOST PORT FLAGS...   asks with these flags and ANCOUNTs (hex, FLAGS:COUNT) and prints the RCODEs
datagrams.py flood HOST COUNT FROM        sends COUNT Initials of QUIC to 40,000 ports in turn
datagrams.py pings HOST PORT COUNT        asks COUNT times and prints how many were answered
datagrams.py until HOST PORT              prints "alive" for every answer, and "nothing" once ten questions have had none
                                          (a hundred before there was any)
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


def headers(host, port, *flags):
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.settimeout(5)
    codes = []
    for each in flags:
        said, answers = each.split(":")
        question = b"\3www\4acme\7example\0\0\1\0\1"
        client.sendto(bytes.fromhex("0035" + said + "0001" + answers + "00000000") + question, (host, port))
        codes.append(str(client.recvfrom(65535)[0][3] & 0x0F))
    print(" ".join(codes))


def flood(host, count, source):
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.bind((source, 0))
    initial = bytes.fromhex("c30000000108010203040506070800004480").ljust(1200, b"\0")
    for i in range(count):
        client.sendto(initial, (host, 20000 + i % 40000))


def pings(host, port, count):
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    # No port that the system gives to others: with one of theirs this would go on with their session.
    client.bind(("", 9000))
    client.settimeout(1)
    answered = 0
    for i in range(count):
        question = b"ping %d" % i
        for _ in range(3):
            client.sendto(question, (host, port))
            try:
                while client.recv(65535) != question:
                    pass
            except TimeoutError:
                continue
            answered += 1
            break
    print(f"{answered} of {count}")


def until(host, port):
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.settimeout(0.2)
    unanswered = 0
    most = 100
    while unanswered < most:
        client.sendto(b"alive", (host, port))
        try:
            client.recv(65535)
            print("alive", flush=True)
            unanswered = 0
            most = 10
        except TimeoutError:
            unanswered += 1
    print("nothing")


if sys.argv[1] == "echo":
    echo(int(sys.argv[2]))
elif sys.argv[1] == "headers":
    headers(sys.argv[2], int(sys.argv[3]), *sys.argv[4:])
elif sys.argv[1] == "flood":
    flood(sys.argv[2], int(sys.argv[3]), sys.argv[4])
elif sys.argv[1] == "pings":
    pings(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
elif sys.argv[1] == "until":
    until(sys.argv[2], int(sys.argv[3]))
else:
    ask(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), *sys.argv[5:])
