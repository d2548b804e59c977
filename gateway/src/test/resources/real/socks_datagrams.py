"""Datagrams by way of a SOCKS5 proxy (RFC 1928 section 7), to a name, until nothing comes back any more.

Prints "alive" for every answer, and "nothing" once ten questions have had none, or FIRST before there was any answer;
"refused N" where the proxy says no.

usage: socks_datagrams.py PROXY_HOST PROXY_PORT USER:PASSWORD HOST PORT FIRST
"""

import socket
import sys

QUESTION = b"alive"


def associate(proxy, tag):
    """The connection that keeps it, and where datagrams go."""
    user, _, password = (part.encode("ascii") for part in tag.partition(":"))
    control = socket.create_connection(proxy, 30)
    control.sendall(b"\5\1\2" + b"\1" + bytes([len(user)]) + user + bytes([len(password)]) + password)
    control.sendall(b"\5\3\0\1" + bytes(6))
    answers = control.makefile("rb")
    answers.read(4)
    _, reply, _, _ = answers.read(4)
    if reply:
        print("refused", reply)
        sys.exit()
    return control, (socket.inet_ntoa(answers.read(4)), int.from_bytes(answers.read(2), "big"))


def main(host, port, tag, name, number, first):
    control, relay = associate((host, int(port)), tag)
    header = b"\0\0\0\3" + bytes([len(name)]) + name.encode("ascii") + int(number).to_bytes(2, "big")
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.settimeout(0.1)
    unanswered = 0
    most = int(first)
    while unanswered < most:
        client.sendto(header + QUESTION, relay)
        try:
            if client.recv(2048).endswith(QUESTION):
                print("alive", flush=True)
                unanswered = 0
                most = 10
        except TimeoutError:
            unanswered += 1
    # The proxy closes it when the association is over, as RFC 1928 has it; a cut flow is not that.
    control.settimeout(0.1)
    try:
        control.recv(1)
        print("nothing, and no association")
    except TimeoutError:
        print("nothing")


main(*sys.argv[1:])
