"""Where a short flow's CPU goes: system calls by strace, methods by perf. Both slow the proxy; no figure is taken."""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import time

SECONDS = 4


def of(proxy, loader, folder):
    text = ""
    if shutil.which("strace"):
        text += system_calls(proxy, loader, folder / "strace.txt")
    if shutil.which("perf"):
        text += methods(proxy, loader, folder)
    return text


def system_calls(proxy, loader, out):
    command = ["strace", "-f", "-c", "-q", "-o", str(out), "-p", str(proxy.pid)]
    strace = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    time.sleep(1)
    run = loader.measure("short", proxy, 32, SECONDS, 0)
    strace.send_signal(signal.SIGINT)
    strace.wait(20)
    counts = {}
    for line in out.read_text().splitlines():
        fields = line.split()
        if len(fields) >= 5 and re.fullmatch(r"[\d.]+", fields[0]) and fields[-1] != "total":
            counts[fields[-1]] = int(fields[3])
    flows = max(1, run["flows"])
    lines = [f"\nSystem calls per short flow, {proxy.name}: {sum(counts.values()) / flows:.1f}"]
    for name, count in sorted(counts.items(), key=lambda item: -item[1]):
        if count / flows >= 0.05:
            lines.append(f"  {count / flows:6.2f} {name}")
    return "\n".join(lines) + "\n"


def methods(proxy, loader, folder):
    data = folder / "perf.data"
    command = ["perf", "record", "-q", "-F", "999", "-o", str(data), "-p", str(proxy.pid)]
    perf = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(0.5)
    loader.measure("short", proxy, 32, 2 * SECONDS, 0)
    symbols = pathlib.Path(f"/tmp/perf-{proxy.pid}.map")
    try:
        # The names of what the JVM has compiled; perf looks for them there.
        subprocess.run(["jcmd", str(proxy.pid), "Compiler.perfmap"], capture_output=True, timeout=30, check=False)
    except OSError:
        pass
    perf.send_signal(signal.SIGINT)
    perf.wait(20)
    text = ""
    for title, keys in (("By thread", "comm"), ("By object", "comm,dso"), ("By symbol", "comm,dso,symbol")):
        report = subprocess.run(
            ["perf", "report", "-i", str(data), "--stdio", "--sort", keys, "--percent-limit", "0.4"],
            capture_output=True,
            text=True,
            env={**os.environ, "PAGER": "cat"},
            check=False,
        ).stdout
        text += f"\n{title}\n" + "\n".join(line for line in report.splitlines() if line and line[0] != "#") + "\n"
    symbols.unlink(missing_ok=True)
    return text
