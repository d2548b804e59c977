"""Speaks PROXY v2 with TLVs for a device, as a concentrator does, and asks once over HTTP; prints what came back.

usage: proxy_v2.py GATEWAY_PORT DESTINATION_IP DESTINATION_PORT [TYPE=VALUE ...]
"""

import socket
import struct
import sys

SIGNATURE = b"\r\n\r\n\x00\r\nQUIT\n"


def crc32c(data):
    """Castagnoli, bit by bit: Python has no other."""
    crc = 0xFFFFFFFF
    for octet in data:
        crc ^= octet
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def tlv(kind, value):
    return struct.pack("!BH", kind, len(value)) + value


def header(destination, port, fields):
    block = socket.inet_aton("198.51.100.7") + socket.inet_aton(destination) + struct.pack("!HH", 4660, port)
    block += b"".join(tlv(kind, value) for kind, value in fields)
    block += tlv(0x03, b"\0\0\0\0")
    zeroed = SIGNATURE + b"\x21\x11" + struct.pack("!H", len(block)) + block
    return zeroed[:-4] + struct.pack("!I", crc32c(zeroed))


def main():
    gateway, destination, port = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    fields = []
    for argument in sys.argv[4:]:
        kind, value = argument.split("=", 1)
        fields.append((int(kind, 16), value.encode("ascii")))
    with socket.create_connection(("127.0.0.1", gateway), timeout=20) as connection:
        connection.sendall(header(destination, port, fields))
        connection.sendall(b"GET /seen HTTP/1.1\r\nHost: www.acme.test\r\nConnection: close\r\n\r\n")
        answer = b""
        try:
            while True:
                some = connection.recv(65536)
                if not some:
                    break
                answer += some
        except ConnectionResetError:
            answer += b"<reset>"
    sys.stdout.write(answer.decode("latin-1"))


main()
