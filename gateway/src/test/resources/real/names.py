"""names.py PORT: a name server for datagrams that has 192.0.2.80 for every name, says what it was asked, and sends back
what is no question."""

import socket
import sys

server = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
server.bind(("::", int(sys.argv[1])))
while True:
    query, sender = server.recvfrom(4096)
    if query[2] & 0xF8 or query[4:6] != b"\0\1":
        server.sendto(query, sender)
        continue
    end = query.index(b"\0", 12) + 5
    answer = b"\xc0\x0c\0\x01\0\x01\0\0\0\x3c\0\x04" + bytes([192, 0, 2, 80])
    server.sendto(query[:2] + b"\x85\x80\0\x01\0\x01\0\0\0\0" + query[12:end] + answer, sender)
    print(sender[0], query[12:end].hex(), flush=True)
