package io.postern.bench;

import com.sun.management.ThreadMXBean;
import io.postern.config.policy.NameList;
import io.postern.config.policy.Policy;
import io.postern.config.policy.PolicyReader;
import java.io.IOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/**
 * What a list of many names takes: the heap that stays, after collections, beside the same policy without its names; and the CPU
 * time of asking it for names that are on it, below it, and not on it.
 */
public final class Names {

    private static final int ASKED = 200_000;
    private static final int ROUNDS = 20;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final int count;
    private final boolean rpz;

    private Names(int count, boolean rpz) {
        this.count = count;
        this.rpz = rpz;
    }

    public static void main(String[] args) throws IOException {
        int count = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
        new Names(count, args.length > 1 && args[1].equals("rpz")).run();
    }

    private void run() throws IOException {
        Path folder = Files.createTempDirectory("names");
        try {
            measure(folder);
        } finally {
            for (String each : List.of("feed", "policy.yaml")) {
                Files.deleteIfExists(folder.resolve(each));
            }
            Files.deleteIfExists(folder);
        }
    }

    private void measure(Path folder) throws IOException {
        Files.writeString(
                folder.resolve("policy.yaml"),
                "lists: {feed: {files: [feed], format: " + (rpz ? "rpz" : "names") + "}}\n");
        write(folder.resolve("feed"), 1);
        Policy small = read(folder);
        long before = heap();
        long letters = write(folder.resolve("feed"), count);
        long began = threads.getCurrentThreadCpuTime();
        Policy policy = read(folder);
        long took = threads.getCurrentThreadCpuTime() - began;
        long peak = peak();
        long after = heap();
        NameList list = Objects.requireNonNull(policy.lists().get("feed"));
        System.out.printf(
                "%d names of %.1f letters: %.1f MB stay, %.0f MB of heap at most while reading, %.2f s of CPU to read%n",
                list.entries(), (double) letters / count, (after - before) / 1e6, peak / 1e6, took / 1e9);
        asked(
                "on it",
                list,
                new Random(1).ints(ASKED, 0, count).mapToObj(Names::name).toArray(String[]::new));
        asked(
                "below one that is on it",
                list,
                new Random(2)
                        .ints(ASKED, 0, count)
                        .mapToObj(each -> "a.b." + name(each))
                        .toArray(String[]::new));
        asked(
                "not on it",
                list,
                new Random(3)
                        .ints(ASKED)
                        .mapToObj(each -> "www.site" + each + ".example.net")
                        .toArray(String[]::new));
        if (small.lists().isEmpty()) {
            throw new IllegalStateException("kept until here, so that it counts as before");
        }
    }

    private void asked(String what, NameList list, String[] names) {
        long found = 0;
        long best = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long began = threads.getCurrentThreadCpuTime();
            for (String name : names) {
                found += list.has(name) ? 1 : 0;
            }
            best = Math.min(best, threads.getCurrentThreadCpuTime() - began);
        }
        System.out.printf(
                "asked for a name %s: %.0f ns (%d found)%n", what, (double) best / names.length, found / ROUNDS);
    }

    private static String name(int number) {
        return "host" + number + ".domain" + number % 100_000 + ".example";
    }

    private long write(Path file, int names) throws IOException {
        long letters = 0;
        try (Writer out = Files.newBufferedWriter(file)) {
            for (int each = 0; each < names; each++) {
                String name = name(each);
                letters += name.length();
                out.write(rpz ? name + " CNAME .\n" : name + "\n");
            }
        }
        return letters;
    }

    private static Policy read(Path folder) {
        return PolicyReader.read(List.of("policy.yaml"), folder).value().orElseThrow();
    }

    private static long heap() {
        for (int each = 0; each < 4; each++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static long peak() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == java.lang.management.MemoryType.HEAP)
                .map(MemoryPoolMXBean::getPeakUsage)
                .mapToLong(java.lang.management.MemoryUsage::getUsed)
                .sum();
    }
}
