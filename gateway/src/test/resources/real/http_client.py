"""Asks through a proxy with nothing but Python's http.client; prints what came back as JSON.

usage: http_client.py PROXY_HOST PROXY_PORT USER:PASSWORD CA_FILE
"""

import base64
import hashlib
import http.client
import json
import ssl
import sys

HOST = "www.acme.test"


def credentials(pair):
    return {"Proxy-Authorization": "Basic " + base64.b64encode(pair.encode("ascii")).decode("ascii")}


def several(connection, prefix, headers):
    """Three requests; the socket tells whether it was one connection."""
    sockets = set()
    answers = []
    connection.request("GET", prefix + "/bytes/100000", headers=headers)
    sockets.add(connection.sock.getsockname())
    response = connection.getresponse()
    body = response.read()
    answers.append([response.status, len(body), hashlib.sha256(body).hexdigest()])

    # A body without a length: http.client sends it in chunks.
    connection.request("POST", prefix + "/digest", iter([b"ab", b"c" * 70000]), headers)
    sockets.add(connection.sock.getsockname())
    response = connection.getresponse()
    answers.append([response.status, response.read().decode("ascii")])

    connection.request("GET", prefix + "/seen", headers=headers)
    sockets.add(connection.sock.getsockname())
    response = connection.getresponse()
    answers.append([response.status, response.read().decode("ascii")])
    connection.close()
    return {"connections": len(sockets), "answers": answers}


def tunnelled_tls(host, port, tag, ca):
    connection = http.client.HTTPSConnection(host, port, timeout=30, context=ssl.create_default_context(cafile=ca))
    connection.set_tunnel(HOST, 443, credentials(tag))
    return several(connection, "", {})


def tunnelled_http(host, port, tag, ca):
    connection = http.client.HTTPConnection(host, port, timeout=30)
    connection.set_tunnel(HOST, 80, credentials(tag))
    return several(connection, "", {})


def absolute_form(host, port, tag, ca):
    connection = http.client.HTTPConnection(host, port, timeout=30)
    return several(connection, "http://" + HOST, credentials(tag))


def without_a_tag(host, port, tag, ca):
    connection = http.client.HTTPConnection(host, port, timeout=30)
    connection.set_tunnel(HOST, 80)
    try:
        connection.request("GET", "/seen")
        return "let in"
    except OSError as error:
        return str(error)


def main():
    host, port, tag, ca = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
    asked = [tunnelled_tls, tunnelled_http, absolute_form, without_a_tag]
    json.dump({each.__name__: each(host, port, tag, ca) for each in asked}, sys.stdout)


if __name__ == "__main__":
    main()
