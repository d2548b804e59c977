"""Builds and runs the load: one origin, and one client run for each measurement."""

import json
import subprocess
import time

from side import machine

WARNINGS = ["-std=gnu11", "-O2", "-Wall", "-Wextra"]
ORIGINS = ("short", "down", "up", "idle", "paced")
TOOLS = ("client", "backend", "udp_load", "udp_relay")


def build(root):
    """The load tools, made when their sources are newer; C, because Python would be what is measured."""
    sources, target = root / "bench" / "load", root / "bench" / "target"
    target.mkdir(exist_ok=True)
    newest = max(source.stat().st_mtime for source in sources.iterdir())
    for name in TOOLS:
        built = target / name
        if not built.exists() or built.stat().st_mtime < newest:
            subprocess.run(["gcc", *WARNINGS, "-o", str(built), str(sources / f"{name}.c")], check=True)
    return target


class Origin:
    """The origin behind all proxies; its ports by workload."""

    def __init__(self, tools, pin, within=(), address="127.0.0.1"):
        """`within` is a command that runs it elsewhere, where it has that address."""
        command = machine.pinned(machine.LOAD_CPU, [*within, str(tools / "backend"), address], pin)
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.ports = dict(zip(ORIGINS, map(int, self.process.stdout.readline().split())))

    def stop(self):
        self.process.stdin.close()
        machine.stop(self.process)


class Load:
    def __init__(self, tools, hello, origin, pin, within=()):
        self.tools, self.hello, self.origin, self.pin, self.within = tools, hello, origin, pin, within

    def client(self, workload, proxy, options):
        port, path = proxy.reach(self.origin.ports[workload])
        does = "down" if workload == "paced" else workload
        command = [*self.within, str(self.tools / "client"), does, str(port), str(self.hello)]
        command += ["-h", proxy.host, *path, *options]
        return subprocess.Popen(
            machine.pinned(machine.LOAD_CPU, command, self.pin),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def measure(self, workload, proxy, concurrency, seconds, warm=1.0, rate=0):
        """One run; CPU is read at the edges the client calls out."""
        options = ["-c", str(concurrency), "-d", str(seconds), "-w", str(warm)]
        if rate:
            options += ["-r", str(rate)]
        process = self.client(workload, proxy, options)
        try:
            self.expect(process, "begin")
            before, stat_before = machine.cpu_seconds(proxy.pid), machine.stat_line()
            self.expect(process, "end")
            cpu, stat_after = machine.cpu_seconds(proxy.pid) - before, machine.stat_line()
            result = json.loads(process.stdout.readline())
        finally:
            process.stdin.close()
            machine.stop(process)
        gib = result["bytes"] / 2**30
        result.update(
            proxy=proxy.name,
            workload=workload,
            cpu_s=round(cpu, 3),
            cpu_us_per_flow=1e6 * cpu / max(1, result["flows"]),
            cpu_s_per_gib=cpu / gib if gib else 0,
            gbit_per_s=8e-9 * result["bytes"] / result["seconds"],
            flows_per_s=result["flows"] / result["seconds"],
            stolen=machine.stolen_share(stat_before, stat_after),
        )
        return result

    def hold(self, proxy, count):
        """Memory per held connection, KiB."""
        heap, resident = proxy.heap_kib(), machine.resident_kib(proxy.pid)
        process = self.client("idle", proxy, ["-c", str(count), "-d", "60"])
        try:
            held = json.loads(process.stdout.readline())
            time.sleep(1)
            resident = machine.resident_kib(proxy.pid) - resident
            heap_after = proxy.heap_kib()
        finally:
            process.stdin.close()
            machine.stop(process)
        n = max(1, held["held"])
        live = 0 if heap is None or heap_after is None else heap_after - heap
        return {
            "proxy": proxy.name,
            "workload": "idle",
            "flows": held["held"],
            "errors": held["errors"],
            # A JVM's heap may be resident before it is used, and then only the live heap grows.
            "kib_per_flow": max(resident, live) / n,
            "resident_kib": resident / n,
            "live_heap_kib": live / n,
        }

    @staticmethod
    def expect(process, word):
        line = process.stdout.readline().strip()
        if line != word:
            raise RuntimeError(f"the client said {line!r}, not {word!r}")
