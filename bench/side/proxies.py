"""The proxies side by side: how each is configured, started and reached. All on loopback."""

import base64
import hashlib
import hmac
import os
import re
import secrets
import subprocess
import time

from side import machine

NAME = "bench.example.com"
TENANT, KEY_ID = "bench", "k1"
DEVICES = 64
APPS = ["com.acme.field", "com.acme.mail", "com.acme.chat", "com.android.chrome"]


class Proxy:
    """A started proxy: its name, its process and how a client gets from it to an origin's port."""

    host = "127.0.0.1"

    def __init__(self, name, process, log):
        self.name, self.process, self.log = name, process, log

    @property
    def pid(self):
        return self.process.pid

    def heap_kib(self):
        return None

    def stop(self):
        machine.stop(self.process)
        self.log.close()


def start(name, command, folder, pin, ports, patience, environment=None):
    """`exec` all the way: the process started is the proxy, so its tree is exactly what is measured."""
    log = open(folder / f"{name}.log", "w")
    process = subprocess.Popen(
        machine.pinned(machine.PROXY_CPU, command, pin),
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        env={**os.environ, **(environment or {})},
    )
    try:
        for port in ports:
            machine.await_port(port, process, patience)
    except RuntimeError as e:
        machine.stop(process)
        log.close()
        raise RuntimeError(f"{name}: {e}; see {log.name}") from e
    return process, log


class HAProxy(Proxy):
    """TCP mode, the ClientHello waited for and its name matched; a frontend for each origin's port."""

    VARIANTS = {
        "haproxy": ("", ""),
        "haproxy-splice": ("  tune.pipesize 1048576\n", "  option splice-request\n  option splice-response\n"),
    }

    @classmethod
    def open(cls, variant, folder, pin, origins):
        in_global, in_defaults = cls.VARIANTS[variant]
        ports = {origin: machine.free_port() for origin in origins.values()}
        text = (
            "global\n  nbthread 1\n  maxconn 7000\n" + in_global
            + "defaults\n  mode tcp\n  timeout connect 5s\n  timeout client 600s\n  timeout server 600s\n" + in_defaults
        )
        for origin, port in ports.items():
            text += (
                f"frontend f{origin}\n"
                f"  bind 127.0.0.1:{port} backlog 4096\n"
                "  tcp-request inspect-delay 5s\n"
                "  tcp-request content accept if { req.ssl_hello_type 1 }\n"
                "  tcp-request content reject if { req.ssl_sni -i blocked.example.com }\n"
                f"  use_backend b{origin} if {{ req.ssl_sni -m end .example.com }}\n"
                f"  default_backend b{origin}\n"
                f"backend b{origin}\n"
                f"  server s 127.0.0.1:{origin}\n"
            )
        config = folder / f"{variant}.cfg"
        config.write_text(text)
        proxy = cls(variant, *start(variant, ["haproxy", "-db", "-f", str(config)], folder, pin, ports.values(), 10))
        proxy.ports = ports
        return proxy

    def reach(self, origin):
        return self.ports[origin], []


class Postern(Proxy):
    """The gateway as it is run in production: tags, records to a file, a policy, metrics."""

    @classmethod
    def open(cls, name, root, folder, pin, transport, jvm, overrides, way="type: http-connect", limit=20000):
        state = folder / name
        (state / "keys").mkdir(parents=True, exist_ok=True)
        key = state / "keys" / KEY_ID
        # As text: of random bytes the last may be a newline, which belongs to no key.
        key.write_text(secrets.token_hex(32))
        key.chmod(0o600)
        port, admin = machine.free_port(), machine.free_port()
        config = state / "postern.yaml"
        config.write_text(
            f'listeners: [{{name: apps, {way}, bind: "127.0.0.1:{port}"}}]\n'
            f'identity: {{tenant: {TENANT}, tag-keys: [{{id: {KEY_ID}, secret-file: "{key}"}}], unattributed: refuse}}\n'
            f'upstream: {{allow-networks: ["127.0.0.0/8"], idle-timeout: 10m, hosts: {{{NAME}: 127.0.0.1}}}}\n'
            f"limits: {{flows: {limit}, flows-per-device: {limit}, clients-per-source: {limit}}}\n"
            f'policy: {{files: ["{root / "bench" / "side" / "policy.yaml"}"]}}\n'
            f'state: {{dir: "{state}"}}\n'
            f'records: {{flows: {{file: "{state / "flows.ndjson"}", max-size: 50MB, keep: 1}}}}\n'
            f'admin: {{bind: "127.0.0.1:{admin}"}}\n'
            f"runtime: {{transport: {transport}, event-loops: {1 if pin else 0}}}\n" + overrides
        )
        tags = state / "tags"
        tags.write_text("".join(f"{line}\n" for line in authorizations(key.read_bytes())))
        command = [str(root / "postern"), "serve", "--config", str(config)]
        proxy = cls(name, *start(name, command, folder, pin, [port], 60, {"POSTERN_JAVA_OPTS": jvm}))
        proxy.port, proxy.admin, proxy.tags = port, admin, tags
        return proxy

    def reach(self, origin):
        return self.port, ["-t", f"{NAME}:{origin}", "-a", str(self.tags)]

    def heap_kib(self):
        """Live heap after a full collection; None where the JDK's tools are not at hand."""
        try:
            subprocess.run(["jcmd", str(self.pid), "GC.run"], capture_output=True, timeout=30, check=True)
            info = subprocess.run(
                ["jcmd", str(self.pid), "GC.heap_info"], capture_output=True, text=True, timeout=30, check=True
            ).stdout
        except (OSError, subprocess.SubprocessError):
            return None
        # G1 has one heap line; the others have one for each generation.
        heap = [line for line in info.splitlines() if "used" in line and "etaspace" not in line and "class" not in line]
        return sum(int(used) for line in heap for used in re.findall(r"used (\d+)K", line)) or None


def authorizations(secret):
    """Compact tags of several devices and apps, good for a day, as values of Proxy-Authorization."""
    expiry = int(time.time()) + 86400
    for device in range(DEVICES):
        user = f"pst1.{TENANT}.LC{device:02}.work"
        app = APPS[device % len(APPS)]
        mac = hmac.new(secret, f"{user}|{app}|{expiry}|{KEY_ID}".encode(), hashlib.sha256).digest()
        password = f"{app}~{expiry}~{KEY_ID}~{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"
        yield "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
