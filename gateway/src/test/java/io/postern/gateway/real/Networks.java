package io.postern.gateway.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A device, a gateway and an internet in network namespaces of their own, made by {@code networks.sh} without any right
 * on this machine; they end with it.
 */
public final class Networks implements AutoCloseable {

    /** Where a program runs. */
    public enum Place {
        DEVICE("device"),
        /** With the addresses 192.0.2.1, 192.0.3.1 and 2001:db8:2::1 to the device, 198.18.7.1 to the internet. */
        GATEWAY(""),
        /** With the addresses 198.18.7.2, 198.18.7.3 and 2001:db8:7::2. */
        INTERNET("internet");

        private final String namespace;

        Place(String namespace) {
            this.namespace = namespace;
        }
    }

    private final Path dir;
    private final RunningProgram held;

    private Networks(Path dir, RunningProgram held) {
        this.dir = dir;
        this.held = held;
    }

    public static Networks open(Path dir) throws IOException {
        Program.installed("nft", "nftables", dir);
        Program.installed("ip", "iproute2", dir);
        Program.installed("ping", "iputils-ping", dir);
        RunningProgram held = Program.installed("unshare", "util-linux", dir)
                .start("-Urnm", "sh", Scripts.copy(dir, "networks.sh").toString());
        try {
            held.awaitOutput(Pattern.compile("ready"));
            return new Networks(dir, held);
        } catch (AssertionError e) {
            held.close();
            throw e;
        }
    }

    /** What stands before a command for it to run there, with the folder it starts in. */
    public List<String> entry(Place place) {
        List<String> entry = new ArrayList<>(List.of(
                "nsenter",
                "--target=" + held.pid(),
                "--user",
                "--mount",
                "--net",
                "--preserve-credentials",
                "--wd=" + dir,
                "--"));
        if (place != Place.GATEWAY) {
            entry.addAll(List.of("ip", "netns", "exec", place.namespace));
        }
        return entry;
    }

    /** A program of the system that is to run there. */
    Program program(Place place, String name, String debianPackage) {
        return Program.installed(name, debianPackage, dir).behind(entry(place));
    }

    /** Runs one line of sh that must succeed, and tells what it said. */
    public String run(Place place, String line) {
        Program.Ended ended = tried(place, line);
        assertThat(ended.exit()).as("%s: %s%s", line, ended.out(), ended.err()).isZero();
        return ended.out().strip();
    }

    /** Whether an echo request is answered there. */
    boolean echoes(Place place, String address) {
        Program.Ended ended = tried(place, "ping -c 1 -W 1 " + address);
        // Two is for everything that is not an answer or none.
        assertThat(ended.exit()).as(ended.err()).isIn(0, 1);
        return ended.exit() == 0;
    }

    /** Packets that have come to the internet from somebody else than the gateway. */
    long seenPast() {
        String counters = run(Place.INTERNET, "nft list chain inet seen past");
        return Pattern.compile("packets (\\d+)")
                .matcher(counters)
                .results()
                .mapToLong(each -> Long.parseLong(each.group(1)))
                .sum();
    }

    Program.Ended tried(Place place, String line) {
        return program(place, "sh", "dash").run("-c", line);
    }

    /** Runs a command of ours beside the gateway. */
    String postern(String arguments) throws IOException {
        Program.Ended ended =
                ServedGateway.launcher(dir).behind(entry(Place.GATEWAY)).run(arguments.split(" "));
        assertThat(ended.exit())
                .as("%s: %s%s", arguments, ended.out(), ended.err())
                .isZero();
        return ended.out();
    }

    /** Starts {@code world.py}: servers on every address of the internet. */
    RunningProgram world(SelfSigned certificate) throws IOException {
        RunningProgram servers = Program.ofDebian("/usr/bin/python3", "/usr/share/doc/python3-websockets", dir)
                .behind(entry(Place.INTERNET))
                .start(
                        Scripts.copy(dir, "world.py", "page.html").toString(),
                        certificate.certificate().toString(),
                        certificate.key().toString(),
                        dir.resolve("page.html").toString());
        servers.awaitOutput(Pattern.compile("ready"));
        return servers;
    }

    @Override
    public void close() {
        held.close();
    }
}
