package io.postern.gateway.replay;

import io.postern.analytics.detect.Detection;
import io.postern.analytics.flow.Protocol;
import io.postern.config.GatewaySettings;
import io.postern.gateway.rules.Rules;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Replays captures, flow logs and logs of Zeek's into a folder of records. */
public final class Replay {

    /** The records of flows, as a gateway writes them. */
    public static final String FLOWS = "flows.ndjson";

    /** The records of findings, as a gateway writes them. */
    public static final String FINDINGS = "findings.ndjson";

    /** What every app comes to with every destination, by every method. */
    public static final String SCORES = "scores.ndjson";

    private static final int BUFFER = 256 * 1024;

    /**
     * What a replay came to.
     *
     * @param broken inputs of which not all could be read
     * @param protocols flows by what they speak
     */
    public record Summary(
            int inputs,
            int broken,
            long bytes,
            long packets,
            int flows,
            Map<Protocol, Integer> protocols,
            Logs logs,
            Detected detected) {
        public Summary {
            protocols = Map.copyOf(protocols);
        }
    }

    /**
     * Of inputs that are logs.
     *
     * @param broken lines that could not be read
     * @param duplicates lines that were there before
     * @param others lines about nothing that is looked for
     * @param late lines that came after what was later had been told
     * @param unjoined connections of which something was said that no line was about
     */
    public record Logs(long lines, long broken, long duplicates, long others, long late, long unjoined) {}

    /**
     * What detection made of it.
     *
     * @param facts it was told
     * @param brokenFacts lines of facts that could not be read
     * @param brokenContext whether not all facts could be read
     * @param findings told of: each that came up, changed or ended
     * @param found those that were not taken back, the worst first
     * @param pairs of an app and a destination that have scores
     * @param forgotten pairs that there was no room for
     */
    public record Detected(
            long facts,
            long brokenFacts,
            boolean brokenContext,
            long findings,
            List<Found> found,
            long pairs,
            long forgotten) {
        public Detected {
            found = List.copyOf(found);
        }
    }

    /**
     * A finding as it was last told.
     *
     * @param evidence what weighs most for it, in a line
     */
    public record Found(
            String analytic,
            String severity,
            long score,
            String device,
            String app,
            String destination,
            String evidence) {}

    /**
     * What to replay.
     *
     * @param inputs read in this order
     * @param context facts that are told beside them
     * @param out a folder, made if need be
     */
    public record Task(List<Path> inputs, Optional<Path> context, Path out) {
        public Task {
            inputs = List.copyOf(inputs);
        }
    }

    private final GatewaySettings.Sniff sniff;
    private final Rules rules;
    private final Tags tags;
    private final String version;
    private final Supplier<Detection> detection;
    private final Predicate<String> shadow;

    /**
     * @param version of the product, as its records name it
     * @param detection a new one for each run
     * @param shadow analytics whose findings are told of and alert nobody
     */
    public Replay(
            GatewaySettings.Sniff sniff,
            Rules rules,
            Tags tags,
            String version,
            Supplier<Detection> detection,
            Predicate<String> shadow) {
        this.shadow = shadow;
        this.detection = detection;
        this.sniff = sniff;
        this.rules = rules;
        this.tags = tags;
        this.version = version;
    }

    /**
     * Reads all inputs in this order.
     *
     * @param wrong told of each input that is broken, and how; the others are read all the same
     * @param read told of how many bytes of all inputs were read by now
     * @throws IOException if the records cannot be written
     */
    public Summary run(Task task, BiConsumer<Path, String> wrong, LongConsumer read) throws IOException {
        Files.createDirectories(task.out());
        Optional<Path> own = ownInput(task);
        if (own.isPresent()) {
            throw new IOException(own.get() + " is an input, and would be written over");
        }
        try (OutputStream flows = file(task, FLOWS);
                OutputStream findings = file(task, FINDINGS);
                OutputStream scores = file(task, SCORES);
                ReplayRun run = new ReplayRun(
                        new ReplayRun.Parts(sniff, rules, tags, version, detection.get(), shadow),
                        new ReplayRun.Outputs(flows, findings, scores),
                        task.context(),
                        wrong,
                        read)) {
            return run.all(task.inputs());
        }
    }

    private static OutputStream file(Task task, String name) throws IOException {
        return new BufferedOutputStream(Files.newOutputStream(task.out().resolve(name)), BUFFER);
    }

    /** A file that is read and written at once would be empty. */
    private static Optional<Path> ownInput(Task task) throws IOException {
        for (String name : List.of(FLOWS, FINDINGS, SCORES)) {
            Path written = task.out().resolve(name);
            for (Path input : task.inputs()) {
                if (Files.exists(written) && Files.exists(input) && Files.isSameFile(written, input)) {
                    return Optional.of(input);
                }
            }
        }
        return Optional.empty();
    }
}
