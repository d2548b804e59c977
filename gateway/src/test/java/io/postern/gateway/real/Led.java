package io.postern.gateway.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/** A script that {@code led.sh} gives a device, an internet and Postern in between, in namespaces that end with it. */
final class Led {

    private Led() {}

    /** The file of a key or a shared secret, for nobody but its owner to read. */
    static void secret(Path dir, String name) throws IOException {
        Files.setPosixFilePermissions(
                Files.writeString(dir.resolve(name), "0123456789abcdef0123456789abcdef\n"),
                PosixFilePermissions.fromString("rw-------"));
    }

    /** What it said, line by line; of a flow that was reset only that. */
    static List<String> run(Path dir, String script) throws IOException {
        Program.installed("nft", "nftables", dir);
        Program.installed("ip", "iproute2", dir);
        Program.Ended ended = Program.installed("unshare", "util-linux", dir)
                .run(Stream.of(
                                "-Urnm",
                                "sh",
                                Scripts.copy(dir, script, "led.sh").toString(),
                                dir.toString(),
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                "io.postern.gateway.cli.Postern")
                        .toList());
        assertThat(ended.exit()).as("%s%s", ended.out(), ended.err()).isZero();
        // Curl says 56 when it was reset, and 7 when that happened before it had noticed that it was connected.
        return ended.out()
                .lines()
                .map(line -> line.replaceAll("000 (7|56)$", "reset"))
                .toList();
    }
}
