"""Python's imaplib reads a mailbox through a proxy; prints what it found.

usage: mailbox.py PROXY_HOST PROXY_PORT USER:PASSWORD NAME PORT CERTIFICATE
"""

import imaplib
import json
import socket
import ssl
import sys

from tunnel import through


def main(host, port, tag, name, imap, certificate):
    socket.create_connection = through((host, int(port)), tag)
    with imaplib.IMAP4(name, int(imap)) as client:
        client.starttls(ssl.create_default_context(cafile=certificate))
        client.login("me", "secret")
        client.select("INBOX")
        numbers = client.search(None, "SUBJECT", "proof")[1][0].split()
        texts = [client.fetch(number, "(BODY[TEXT])")[1][0][1].decode("utf-8") for number in numbers]
    json.dump(texts, sys.stdout)


main(*sys.argv[1:])
