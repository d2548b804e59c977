"""Relays of datagrams side by side, how clients come to them, and one run of load for each measurement."""

import base64
import json
import os
import re
import shutil
import socket
import struct
import subprocess

from side import machine, proxies

#           workload: (client sockets, options of the client)
WORKLOADS = {
    "busy": (4, ["-s", "4", "-b", "1200", "-p", "64"]),
    "many": (8, ["-s", "2000", "-b", "100", "-p", "256"]),
    "fetch": (4, ["-s", "4", "-b", "16", "-B", "1200", "-a", "16", "-p", "8"]),
    "calm": (4, ["-s", "4", "-b", "1200", "-p", "64", "-r", "5000"]),
}
JCMD = shutil.which("jcmd", path=os.pathsep.join([os.environ.get("JAVA_HOME", "") + "/bin", os.environ["PATH"]]))
CLASSES = 30  # of those that held sessions consist of, so many are told
HELD_SOCKETS = 4
SETTINGS = "datagrams: {sessions: 30000, new-per-second: 30000, idle-timeout: 1h, unanswered-timeout: 10m}\n"


class Relay:
    """The relay of bench/load/udp_relay.c, one for each run: its sessions never end. All clients share its socket."""

    def __init__(self, name, tools, pin):
        self.name, self.command = name, machine.pinned(machine.PROXY_CPU, [str(tools / "udp_relay")], pin)

    def associate(self, count):
        process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.pid = process.pid
        return Associations([process.stdin], [int(process.stdout.readline())] * count, process)

    def stop(self):
        pass


class Gateway(proxies.Postern):
    """The gateway behind SOCKS5: each client has an association, and with it a socket of the gateway's to itself."""

    @classmethod
    def start(cls, name, root, folder, pin, transport, jvm, overrides):
        return cls.open(
            name, root, folder, pin, transport, jvm, SETTINGS + overrides, "type: socks5, udp: true", 30000
        )

    def associate(self, count):
        """For as many devices; the tags are used in turn."""
        tags = self.tags.read_text().splitlines()
        opened = [associate(self.port, tags[i % len(tags)]) for i in range(count)]
        return Associations([control for control, _ in opened], [port for _, port in opened])

    def histogram(self):
        """How many objects live after a full collection, and their bytes, by class."""
        rows = (line.split() for line in self.jcmd("GC.class_histogram").splitlines())
        return {row[3]: (int(row[1]), int(row[2])) for row in rows if len(row) >= 4 and re.fullmatch(r"\d+:", row[0])}

    def outside_kib(self):
        """What the JVM has taken for buffers outside its heap; it was told to keep track."""
        return int(re.search(r"-\s+Other \(reserved=\d+KB, committed=(\d+)KB", self.jcmd("VM.native_memory")).group(1))

    def jcmd(self, *command):
        return subprocess.run(
            [JCMD, str(self.pid), *command], capture_output=True, text=True, timeout=60, check=True
        ).stdout


class Associations:
    """Where a run's clients send to, for as long as their controls are open, and what else they are told."""

    def __init__(self, controls, ports, process=None, options=()):
        self.controls, self.ports, self.process, self.options = controls, ports, process, options

    def close(self):
        for control in self.controls:
            control.close()
        if self.process:
            machine.stop(self.process)


def associate(port, authorization, host="127.0.0.1"):
    """UDP ASSOCIATE with a tag as user and password: the control connection and the relay's port."""
    user, _, password = base64.b64decode(authorization.split()[1]).partition(b":")
    control = socket.create_connection((host, port), 10)
    control.sendall(b"\x05\x01\x02")
    expect(control, b"\x05\x02")
    control.sendall(bytes([1, len(user)]) + user + bytes([len(password)]) + password)
    expect(control, b"\x01\x00")
    control.sendall(b"\x05\x03\x00\x01" + bytes(6))
    expect(control, b"\x05\x00\x00\x01")
    return control, struct.unpack("!4xH", control.recv(6, socket.MSG_WAITALL))[0]


def expect(control, answer):
    told = control.recv(len(answer), socket.MSG_WAITALL)
    if told != answer:
        raise RuntimeError(f"the gateway answered {told.hex()}, not {answer.hex()}")


class Load:
    def __init__(self, tools, pin, within=(), workloads=WORKLOADS):
        """`within` is a command that runs it elsewhere."""
        self.tools, self.pin, self.within, self.workloads = tools, pin, within, workloads

    def client(self, associations, options):
        ports = ",".join(map(str, associations.ports))
        command = [*self.within, str(self.tools / "udp_load"), ports, *associations.options, *options]
        return subprocess.Popen(
            machine.pinned(machine.LOAD_CPU, command, self.pin),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def measure(self, workload, relay, seconds, warm):
        """One run; CPU is read at the edges the client calls out."""
        sockets, options = self.workloads[workload]
        associations = relay.associate(sockets)
        process = self.client(associations, [*options, "-d", str(seconds), "-w", str(warm)])
        try:
            expect_line(process, "begin")
            before, stat_before = machine.cpu_seconds(relay.pid), machine.stat_line()
            expect_line(process, "end")
            cpu, stat_after = machine.cpu_seconds(relay.pid) - before, machine.stat_line()
            result = json.loads(process.stdout.readline())
        finally:
            process.stdin.close()
            machine.stop(process)
            associations.close()
        result.update(
            proxy=relay.name,
            workload=workload,
            flows=result["datagrams"],
            cpu_s=round(cpu, 3),
            cpu_us_per_datagram=1e6 * cpu / max(1, result["datagrams"]),
            datagrams_per_s=result["datagrams"] / result["seconds"],
            stolen=machine.stolen_share(stat_before, stat_after),
        )
        return result

    def hold(self, gateway, count):
        """Memory per held session, KiB: the live heap, and what the JVM has taken outside it."""
        before, outside = gateway.histogram(), gateway.outside_kib()
        associations = gateway.associate(HELD_SOCKETS)
        process = self.client(associations, ["-s", str(count), "-h", "1"])
        try:
            held = json.loads(process.stdout.readline())
            after, outside_after = gateway.histogram(), gateway.outside_kib()
        finally:
            process.stdin.close()
            machine.stop(process)
            associations.close()
        n = max(1, held["held"])
        heap = (live(after) - live(before)) / 1024 / n
        more = (outside_after - outside) / n
        return {
            "proxy": gateway.name,
            "workload": "held",
            "flows": held["held"],
            "errors": held["errors"],
            "kib_per_session": heap + more,
            "more": f"{held['held']} held, of it {heap:.2f} heap",
            "classes": classes(before, after, n),
        }


def live(histogram):
    return sum(size for _, size in histogram.values())


def classes(before, after, sessions):
    """Of which class each session has how many, and their bytes; the greatest first."""
    grown = []
    for name, (count, size) in after.items():
        was_count, was_size = before.get(name, (0, 0))
        grown.append(((size - was_size) / sessions, (count - was_count) / sessions, name))
    return [
        {"class": name, "bytes": round(size, 1), "objects": round(count, 2)}
        for size, count, name in sorted(grown, reverse=True)[:CLASSES]
        if size >= 1
    ]


def expect_line(process, word):
    line = process.stdout.readline().strip()
    if line != word:
        raise RuntimeError(f"the client said {line!r}, not {word!r}")
