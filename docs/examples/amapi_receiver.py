#!/usr/bin/env python3
"""Takes Postern's webhook and acts on devices by the Android Management API (AMAPI).

quarantine.created   of an app: disables the package in the device's own policy; where the device shares its policy with
                     others, or a profile or the whole device is quarantined: locks the screen
quarantine.released  enables the package again, unless another quarantine still holds for it; a lock needs no undoing
anything else        is taken and written to the log

It makes three kinds of requests and no others: GET a device, LOCK it, and set applications[].disabled of its policy. It
never wipes a device, clears an app's data, removes an app or resets a password.

    amapi_receiver.py --bind 127.0.0.1:8089 --secret-file hook --enterprise LC012345 --token-file token
                      [--certificate receiver.crt --key receiver.key]

The token is an OAuth access token with scope https://www.googleapis.com/auth/androidmanagement; the file is read for each
request, so let something else keep it fresh. Needs Python 3.9 or later and nothing else.
"""

import argparse
import base64
import collections
import hashlib
import hmac
import http.server
import json
import logging
import re
import ssl
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

MOST_BYTES = 1 << 20
TOLERANCE_SECONDS = 300
REMEMBERED = 10_000
TIMEOUT_SECONDS = 5
CONNECTIONS = 32
DEVICE = re.compile(r"[A-Za-z0-9_-]{1,64}")
PACKAGE = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)*")

log = logging.getLogger("amapi-receiver")


class Management:
    """The three requests of AMAPI that are made."""

    def __init__(self, api, enterprise, token_file):
        self.api = api.rstrip("/")
        self.enterprise = enterprise
        self.token_file = token_file

    def _ask(self, method, path, body=None):
        with open(self.token_file, encoding="ascii") as file:
            token = file.read().strip()
        request = urllib.request.Request(
            f"{self.api}/v1/{path}",
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
            return json.load(answer)

    def _device(self, device):
        return f"enterprises/{self.enterprise}/devices/{urllib.parse.quote(device, safe='')}"

    def own_policy(self, device):
        """The name of the policy that this device has for itself: one named as the device is. Else None."""
        policy = self._ask("GET", self._device(device)).get("policyName", "")
        return policy if policy.rsplit("/", 1)[-1] == device else None

    def set_disabled(self, policy, package, disabled):
        change = {"application": {"packageName": package, "disabled": disabled}, "updateMask": "disabled"}
        self._ask("POST", f"{policy}:modifyPolicyApplications", {"changes": [change]})

    def lock(self, device):
        self._ask("POST", f"{self._device(device)}:issueCommand", {"type": "LOCK"})


def act(management, letter):
    """What a letter asks for; raises OSError when the API does not take it, so that the letter comes again."""
    what = letter["type"]
    if what not in ("quarantine.created", "quarantine.released"):
        log.info("%s", json.dumps(letter)[:4096])
        return
    quarantine = letter["data"]
    device, package = quarantine["device"], quarantine.get("app", "")
    if not DEVICE.fullmatch(device) or (package and not PACKAGE.fullmatch(package)):
        log.warning("nothing done: %r of %r is no package of a device", package, device)
        return
    contain = what == "quarantine.created" or quarantine.get("still_contained", False)
    policy = management.own_policy(device) if package else None
    if policy:
        management.set_disabled(policy, package, contain)
        log.info("%s %s on %s by %s: %s", "disabled" if contain else "enabled", package, device,
                 quarantine.get("actor", "-"), quarantine.get("reason", "-"))
    elif what == "quarantine.created":
        management.lock(device)
        log.info("locked %s by %s: %s", device, quarantine.get("actor", "-"), quarantine.get("reason", "-"))


class Receiver(http.server.BaseHTTPRequestHandler):
    secret = b""
    management = None
    taken = collections.OrderedDict()
    one_at_a_time = threading.Lock()
    timeout = 10

    def do_POST(self):
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > MOST_BYTES:
            return self.answer(413)
        body = self.rfile.read(int(length))
        letter_id = self.headers.get("webhook-id", "")
        if not self.authentic(letter_id, body):
            return self.answer(401)
        with self.one_at_a_time:
            return self.answer(self.take(letter_id, body))

    def take(self, letter_id, body):
        if letter_id in self.taken:
            return 204
        try:
            act(self.management, json.loads(body))
        except (KeyError, TypeError, ValueError) as fault:
            log.warning("not understood, and not asked for again: %s: %s", letter_id, fault)
        except OSError as fault:
            log.warning("%s: %s", letter_id, fault)
            return 502
        self.taken[letter_id] = True
        if len(self.taken) > REMEMBERED:
            self.taken.popitem(last=False)
        return 204

    def authentic(self, letter_id, body):
        """By Standard Webhooks 1.0; what is older or newer than five minutes is somebody's copy."""
        seconds = self.headers.get("webhook-timestamp", "")
        if not seconds.isdigit() or abs(time.time() - int(seconds)) > TOLERANCE_SECONDS:
            return False
        signed = f"{letter_id}.{seconds}.".encode() + body
        expected = b"v1," + base64.b64encode(hmac.new(self.secret, signed, hashlib.sha256).digest())
        given = self.headers.get("webhook-signature", "").encode()
        return any(hmac.compare_digest(expected, each) for each in given.split(b" "))

    def answer(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.send_header("Connection", "close")
        self.end_headers()

    def log_message(self, template, *values):
        log.debug(template, *values)


class Server(http.server.ThreadingHTTPServer):
    """A thread for each of a few connections, so that who connects and says nothing keeps nobody waiting for long."""

    daemon_threads = True
    context = None
    room = threading.BoundedSemaphore(CONNECTIONS)

    def process_request(self, request, client_address):
        self.room.acquire()
        try:
            super().process_request(request, client_address)
        except RuntimeError:
            self.room.release()
            raise

    def process_request_thread(self, request, client_address):
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.room.release()

    def finish_request(self, request, client_address):
        if self.context is None:
            return super().finish_request(request, client_address)
        request.settimeout(Receiver.timeout)
        secured = self.context.wrap_socket(request, server_side=True)
        try:
            return super().finish_request(secured, client_address)
        finally:
            self.shutdown_request(secured)

    def handle_error(self, request, client_address):
        log.info("%s: %s", client_address[0], sys.exc_info()[1])


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--bind", default="127.0.0.1:8089")
    arguments.add_argument("--secret-file", required=True)
    arguments.add_argument("--enterprise", required=True)
    arguments.add_argument("--token-file", required=True)
    arguments.add_argument("--certificate")
    arguments.add_argument("--key")
    arguments.add_argument("--api", default="https://androidmanagement.googleapis.com", help="for tests")
    options = arguments.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    with open(options.secret_file, "rb") as file:
        secret = file.read()
    for newline in (b"\r\n", b"\n"):
        if secret.endswith(newline):
            secret = secret[: -len(newline)]
            break
    Receiver.secret = secret
    Receiver.management = Management(options.api, options.enterprise, options.token_file)
    host, port = options.bind.rsplit(":", 1)
    server = Server((host.strip("[]"), int(port)), Receiver)
    if options.certificate:
        server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.context.load_cert_chain(options.certificate, options.key)
    log.info("listening on %s:%d", *server.server_address[:2])
    server.serve_forever()


if __name__ == "__main__":
    main()
