"""Medians, spreads and ratios of what was measured."""

import statistics

#            workload: (what is compared, its unit, digits)
FIGURES = {
    "short": ("cpu_us_per_flow", "CPU µs per short flow", 1),
    "down": ("cpu_s_per_gib", "CPU-s per GiB down", 3),
    "up": ("cpu_s_per_gib", "CPU-s per GiB up", 3),
    "paced": ("cpu_s_per_gib", "CPU-s per GiB paced", 3),
    "latency": ("p50_us", "µs from connect to end, p50", 0),
    "idle": ("kib_per_flow", "KiB per idle flow", 2),
}
DATAGRAM_FIGURES = {
    "busy": ("cpu_us_per_datagram", "CPU µs per datagram, 4 busy sessions", 2),
    "many": ("cpu_us_per_datagram", "CPU µs per datagram, 2,000 sessions", 2),
    "fetch": ("cpu_us_per_datagram", "CPU µs per datagram, answers only", 2),
    "calm": ("cpu_us_per_datagram", "CPU µs per datagram, 5,000 requests/s", 2),
    "held": ("kib_per_session", "KiB per idle session", 2),
}
# Of one device that asks while another does what the row's name says.
NEIGHBOUR_FIGURES = {
    "neighbour": ("p50_us", "µs to another device's answer, p50", 0),
    "neighbour99": ("p99_us", "µs to another device's answer, p99", 0),
}
# What may be asked of a run; the rest is indicative.
FIRM = ("short", "down", "up", "busy", "many", "fetch", "held")


def summary(runs, base, figures=FIGURES):
    """One row for each workload and proxy, the base first."""
    rows = []
    for workload, (key, unit, digits) in figures.items():
        proxies = dict.fromkeys(run["proxy"] for run in runs if run["workload"] == workload)
        medians = {}
        for proxy in proxies:
            of = [run for run in runs if run["workload"] == workload and run["proxy"] == proxy]
            values = [run[key] for run in of]
            medians[proxy] = statistics.median(values)
            rows.append(
                {
                    "workload": workload,
                    "unit": unit,
                    "proxy": proxy,
                    "median": round(medians[proxy], digits),
                    "min": round(min(values), digits),
                    "max": round(max(values), digits),
                    "ratio": round(medians[proxy] / medians[base], 2) if medians.get(base) else None,
                    "runs": len(values),
                    "errors": sum(run["errors"] for run in of),
                    "flows": sum(run["flows"] for run in of),
                    "more": more(workload, of),
                }
            )
    return rows


def more(workload, of):
    def middle(key):
        return statistics.median(run[key] for run in of)

    if workload == "short":
        return f"{middle('flows_per_s'):.0f} flows/s"
    if workload == "latency":
        return f"p99 {middle('p99_us'):.0f} µs"
    if workload == "idle":
        return f"{of[-1]['flows']} held"
    if workload in NEIGHBOUR_FIGURES:
        return f"{sum(run['errors'] for run in of)} of {sum(run['flows'] for run in of) // 2} without an answer"
    if workload in DATAGRAM_FIGURES:
        return of[-1]["more"] if workload == "held" else f"{middle('datagrams_per_s'):.0f} datagrams/s"
    return f"{middle('gbit_per_s'):.1f} Gbit/s"


def table(rows):
    lines = ["| figure | proxy | median | min..max | ratio | also |", "|---|---|---|---|---|---|"]
    for row in rows:
        note = "" if row["workload"] in FIRM else " *"
        lines.append(
            f"| {row['unit']}{note} | {row['proxy']} | {row['median']:g} | {row['min']:g}..{row['max']:g} "
            f"| {'–' if row['ratio'] is None else format(row['ratio'], '.2f')} | {row['more']} |"
        )
    return "\n".join(lines)


def faults(runs):
    """Runs in which more than one flow in a thousand failed; their figures mean nothing."""
    return [
        f"{run['workload']} through {run['proxy']}: {run['errors']} errors, {run['flows']} flows"
        for run in runs
        if run["errors"] > 0.001 * (run["flows"] + run["errors"]) or (run["flows"] == 0 and run.get("bytes", 0) == 0)
    ]
