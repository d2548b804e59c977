"""socket.create_connection by way of a proxy's CONNECT: it is what all of Python's clients use."""

import base64
import socket


def through(proxy, tag):
    """A function to put in its place; tag is USER:PASSWORD."""
    direct = socket.create_connection
    credentials = base64.b64encode(tag.encode("ascii")).decode("ascii")

    def connect(address, timeout=30, source_address=None):
        connection = direct(proxy, 30)
        target = "%s:%d" % address
        request = "CONNECT %s HTTP/1.1\r\nHost: %s\r\nProxy-Authorization: Basic %s\r\n\r\n"
        connection.sendall((request % (target, target, credentials)).encode("ascii"))
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += connection.recv(1)
        if not head.startswith(b"HTTP/1.1 200 "):
            raise OSError(head.decode("ascii"))
        return connection

    return connect
