package io.postern.bench;

import io.postern.analytics.Evidence;
import io.postern.analytics.Evidence.Family;
import io.postern.analytics.Verdict;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.finding.FindingBytes;
import io.postern.analytics.finding.Kept;
import io.postern.analytics.flow.AppKey;
import io.postern.analytics.flow.Protocol;
import io.postern.config.GatewaySettings;
import io.postern.config.SettingsReader;
import io.postern.config.document.Reading;
import io.postern.config.policy.PolicyReader;
import io.postern.gateway.Gateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * What open findings take in a gateway that is told of them, each three times as a detector does while its evidence grows: the heap
 * that stays after collections, their bytes in the store, and what the store's file grows by.
 */
public final class Findings {

    private static final int DEVICES = 2_000;
    private static final int TOLD = 3;
    private static final long HOUR = 3_600_000;

    /** What those of the demo rest on, most of them on nine. */
    private static final List<Evidence> EVIDENCE = List.of(
            new Evidence(Family.CADENCE, "clock-in-background", 14, 10.3, 28, true),
            new Evidence(Family.DESTINATION, "destination-rare-for-app", 0, 2, 25, true),
            new Evidence(Family.STATE, "background-share", 0.97, 0.8, 10, true),
            new Evidence(Family.STATE, "device-locked", 0.9, 0.5, 8, true),
            new Evidence(Family.STATE, "nobody-at-the-device", 0.9, 0.5, 8, true),
            new Evidence(Family.STATE, "started-in-background", 1, 1, 6, true),
            new Evidence(Family.CADENCE, "hours-active", 22, 18, 6, true),
            new Evidence(Family.CADENCE, "low-volume", 812, 4096, 5, true),
            new Evidence(Family.STATE, "app-not-managed", 1, 1, 5, true));

    private final Path folder;
    private final int findings;
    private final List<Evidence> evidence;

    private Findings(Path folder, int findings, int evidence) {
        this.folder = folder;
        this.findings = findings;
        this.evidence = EVIDENCE.subList(0, evidence);
    }

    public static void main(String[] args) throws IOException {
        int findings = args.length > 0 ? Integer.parseInt(args[0]) : 20_000;
        int evidence = args.length > 1 ? Integer.parseInt(args[1]) : EVIDENCE.size();
        Path folder = Files.createTempDirectory("findings");
        try {
            new Findings(folder, findings, evidence).run();
        } finally {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }

    private void run() throws IOException {
        Files.setPosixFilePermissions(
                Files.writeString(folder.resolve("k1"), "a key of nobody's, long enough to be one"),
                PosixFilePermissions.fromString("rw-------"));
        Path file = Files.writeString(folder.resolve("postern.yaml"), """
                listeners: [{name: apps, type: http-connect, bind: "127.0.0.1:0"}]
                admin: {bind: "127.0.0.1:0"}
                limits: {flows: 256}
                identity: {tag-keys: [{id: k1, secret-file: k1}]}
                findings: {entries: 1000000}
                state: {dir: state}
                """);
        Reading<GatewaySettings> reading = SettingsReader.read(file);
        GatewaySettings settings = reading.value()
                .orElseThrow(() -> new IllegalStateException(reading.problems().toString()));
        Path store = folder.resolve("state/store.mv");
        long heap;
        long bytes;
        long before;
        try (Gateway gateway = gateway(settings)) {
            // What the first ones bring with them is no part of the others.
            tell(gateway, 0, findings);
            heap = heap();
            before = Files.size(store);
            tell(gateway, findings, 2 * findings);
            heap = heap() - heap;
            bytes = gateway.findings().list(any -> true, Long.MAX_VALUE, Integer.MAX_VALUE).stream()
                    .limit(findings)
                    .mapToLong(kept -> FindingBytes.write(kept).length)
                    .sum();
        }
        System.out.printf(
                "%d findings of %d pieces of evidence: %d bytes of heap each, %d in the store; its file, closed, grew by %d each%n",
                findings, evidence.size(), heap / findings, bytes / findings, (Files.size(store) - before) / findings);
    }

    private static Gateway gateway(GatewaySettings settings) throws IOException {
        return Gateway.start(
                settings,
                () -> PolicyReader.read(
                        settings.policy().files(), settings.policy().base()),
                Clock.systemUTC());
    }

    private void tell(Gateway gateway, int from, int until) {
        for (int told = 1; told <= TOLD; told++) {
            for (int each = from; each < until; each++) {
                gateway.findings().found(word(each, told), Verdict.Action.ALERT, "5f2c8a01");
                if (each % 1_000 == 0) {
                    // As many as may wait for the desk, and no more.
                    await(gateway, each - from, told, from);
                }
            }
            await(gateway, until - from, told, from);
        }
    }

    /** Until the desk has them, and of the last one this word. */
    private static void await(Gateway gateway, int count, int told, int from) {
        if (count == 0) {
            return;
        }
        String last = uid(from + count - 1);
        while (gateway.findings()
                .find(last)
                .map(Kept::finding)
                .filter(finding -> finding.checkIns() >= 10L * told)
                .isEmpty()) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static String uid(int number) {
        return "finding-%08x-%04x".formatted(number, number % DEVICES);
    }

    /** Nothing is shared that detection does not share: every text is another object. */
    private Finding word(int number, int told) {
        long at = System.currentTimeMillis();
        return Finding.of(
                        "AN1793",
                        new AppKey("LC%08d".formatted(number % DEVICES), "work", "com.acme.app%d".formatted(number)),
                        "sync%d.telemetry.example".formatted(number))
                .uid(uid(number))
                .activity(told == 1 ? Finding.Activity.CREATE : Finding.Activity.UPDATE)
                .score(40 + 20.0 * told)
                .evidence(
                        evidence.stream().limit(3L * told).map(Findings::again).toList())
                .notVisible(List.of("interaction", "baseline"))
                .at(at)
                .since(at - HOUR)
                .seen(10L * told, 8_120L * told)
                .spoken(new Finding.Spoken(Protocol.TLS, 443))
                .finding();
    }

    /** Values are the word's own, names are the detectors'. */
    private static Evidence again(Evidence one) {
        return new Evidence(one.family(), one.feature(), one.value(), one.threshold(), one.weight(), one.supports());
    }

    private static long heap() {
        for (int each = 0; each < 4; each++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
