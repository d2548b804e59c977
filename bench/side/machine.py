"""What a process tree costs, read from /proc, and where processes run."""

import os
import platform
import socket
import subprocess
import time

TICKS = os.sysconf("SC_CLK_TCK")
LOAD_CPU, PROXY_CPU = 0, 1


def pinned(cpu, command, pin=True):
    return ["taskset", "-c", str(cpu), *command] if pin else command


def processes():
    """pid -> (parent, CPU seconds of the process with its exited threads and reaped children)."""
    found = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat") as stat:
                    # The command may hold spaces and brackets; what follows its last bracket is fixed.
                    fields = stat.read().rpartition(")")[2].split()
            except OSError:
                continue
            found[int(entry)] = (int(fields[1]), sum(int(ticks) for ticks in fields[11:15]) / TICKS)
    return found


def tree(root, found):
    members = {root}
    grown = True
    while grown:
        more = {pid for pid, (parent, _) in found.items() if parent in members} - members
        members |= more
        grown = bool(more)
    return members


def cpu_seconds(root):
    found = processes()
    return sum(found[pid][1] for pid in tree(root, found) if pid in found)


def resident_kib(root):
    total = 0
    for pid in tree(root, processes()):
        try:
            with open(f"/proc/{pid}/smaps_rollup") as rollup:
                total += sum(int(line.split()[1]) for line in rollup if line.startswith("Rss:"))
        except OSError:
            continue
    return total


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def await_port(port, process, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args[0]} ended with {process.returncode} before it listened")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"nobody listens on {port} after {seconds} s")


def stop(process):
    """Ends a process this run started: asks first, insists after ten seconds."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def description():
    model = "unknown CPU"
    with open("/proc/cpuinfo") as cpuinfo:
        for line in cpuinfo:
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
    return f"{os.cpu_count()} x {model}, Linux {platform.release()}"


def stolen_share(before, after):
    """Share of all CPU time between two readings of `stat_line` that the hypervisor gave to others."""
    spent = [b - a for a, b in zip(before, after)]
    return spent[7] / max(1, sum(spent))


def stat_line():
    with open("/proc/stat") as stat:
        return [int(ticks) for ticks in stat.readline().split()[1:9]]
