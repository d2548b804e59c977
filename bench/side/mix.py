"""A mixed capture of any size out of captures at hand: the same packets over and over, of new flows each time."""

import pathlib
import struct
import subprocess

ETHERNET = 1
GLOBAL, RECORD = struct.Struct("<IHHiIII"), struct.Struct("<IIII")
MAGIC, SNAP = 0xA1B2C3D4, 262144
VLANS = {0x8100, 0x88A8}
IPV4, IPV6 = 0x0800, 0x86DD
START = 1_700_000_000
# No capture lasts longer: a long one would hold only its own packets at its end.
LONGEST = 240
MOST_REPEATS = 250


class Packets:
    """The packets of many captures as if all were made at once, each capture beginning some seconds after the one before."""

    def __init__(self, files, folder):
        frames = []
        self.captures = 0
        for number, file in enumerate(files):
            read = list(ethernet(file, folder))
            self.captures += bool(read)
            first = min((time for time, _, _ in read), default=0)
            for time, length, data in read:
                frames.append((number * 0.25 + min(LONGEST, max(0, time - first)), length, data))
        frames.sort(key=lambda frame: frame[0])
        self.count = len(frames)
        self.seconds = int(frames[-1][0]) + 1 if frames else 0
        self.block = bytearray()
        self.times, self.addresses = [], []
        for time, length, data in frames:
            self.times.append(len(self.block))
            begin = len(self.block) + RECORD.size
            self.block += RECORD.pack(int(time), int(time % 1 * 1_000_000), len(data), length) + data
            self.addresses += [begin + offset for offset in addresses(data)]

    def write(self, path, repeats):
        """So many times over, later and under other addresses each time. Checksums stay as they were: nobody here looks at them."""
        with open(path, "wb") as out:
            out.write(GLOBAL.pack(MAGIC, 2, 4, 0, 0, SNAP, ETHERNET))
            for repeat in range(repeats):
                block = bytearray(self.block)
                for at in self.addresses:
                    block[at] ^= repeat
                base = START + repeat * self.seconds
                for at in self.times:
                    seconds = int.from_bytes(block[at : at + 4], "little") + base
                    block[at : at + 4] = seconds.to_bytes(4, "little")
                out.write(block)
        return pathlib.Path(path).stat().st_size


def ethernet(file, folder):
    """Time, length on the wire and bytes of each frame of a capture of one Ethernet; nothing of others or of broken ones."""
    plain = folder / "plain.pcap"
    done = subprocess.run(["editcap", "-F", "pcap", str(file), str(plain)], stderr=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        return
    data = plain.read_bytes()
    if len(data) < GLOBAL.size or GLOBAL.unpack_from(data)[6] & 0xFFFF != ETHERNET:
        return
    at = GLOBAL.size
    while at + RECORD.size <= len(data):
        seconds, micros, kept, length = RECORD.unpack_from(data, at)
        at += RECORD.size
        if at + kept > len(data):
            return
        yield seconds + micros / 1e6, length, data[at : at + kept]
        at += kept


def addresses(frame):
    """Where the outer IP's addresses have a byte that may be another: so are the flows of both directions."""
    at = 12
    while at + 2 <= len(frame) and int.from_bytes(frame[at : at + 2], "big") in VLANS:
        at += 4
    kind = int.from_bytes(frame[at : at + 2], "big")
    at += 2
    # Not the first bytes, which say whether an address is loopback, private, multicast.
    if kind == IPV4 and at + 20 <= len(frame):
        return [at + 14, at + 18]
    if kind == IPV6 and at + 40 <= len(frame):
        return [at + 20, at + 36]
    return []
