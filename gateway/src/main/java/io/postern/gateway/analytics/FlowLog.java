package io.postern.gateway.analytics;

import io.postern.analytics.Retold;
import io.postern.gateway.detect.FlowFacts;
import io.postern.gateway.detect.FlowLine;
import io.postern.gateway.detect.FlowListener;
import io.postern.gateway.detect.FlowReader;
import io.postern.gateway.detect.SeenBefore;
import io.postern.gateway.detect.Telling;
import io.postern.gateway.input.Lines;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The log of flows with its files set aside, read again from some time on for some devices. Waits for the disk; for one thread. */
final class FlowLog {

    /** A line tells of an hour at most. */
    private static final Duration REACH = Duration.ofHours(1);

    private final Path log;
    private final int keep;
    private final Function<String, String> registrable;
    private final Function<String, List<String>> names;
    private List<Path> files = List.of();
    private long oldest;
    private long begin = Long.MAX_VALUE;
    private long bytes;
    private boolean cut;

    /**
     * @param keep files besides that, which have numbers behind
     * @param names all that the log may call a device
     */
    FlowLog(Path log, int keep, Function<String, String> registrable, Function<String, List<String>> names) {
        this.log = log;
        this.keep = keep;
        this.registrable = registrable;
        this.names = names;
    }

    /**
     * What there is from now on.
     *
     * @param oldestMillis earlier lines do not count, ms Unix time
     * @param mostBytes of files; one begins where they are not used up, the newest first
     */
    void look(long oldestMillis, long mostBytes) throws IOException {
        oldest = oldestMillis;
        List<Path> found = new ArrayList<>();
        bytes = 0;
        cut = false;
        for (int age = 0; age <= keep; age++) {
            Path file = age == 0 ? log : log.resolveSibling(log.getFileName() + "." + age);
            if (!Files.isRegularFile(file) || Files.getLastModifiedTime(file).toMillis() < oldest) {
                continue;
            }
            if (bytes >= mostBytes) {
                cut = true;
                break;
            }
            found.add(file);
            bytes += Files.size(file);
            // The one that is set aside next takes its place.
            cut = age == keep;
        }
        Collections.reverse(found);
        files = found;
        begin = begins();
    }

    private long begins() throws IOException {
        for (Path file : files) {
            try (InputStream in = Files.newInputStream(file)) {
                FlowReader reader = new FlowReader(new FlowFacts(registrable), name -> name);
                Lines lines = new Lines(in);
                while (lines.next()) {
                    if (!lines.tooLong()
                            && reader.read(lines.bytes(), lines.from(), lines.to()) instanceof FlowReader.Read.Told told
                            && told.line().isPresent()) {
                        return told.line().get().atMillis();
                    }
                }
            }
        }
        return Long.MAX_VALUE;
    }

    /** Whether flows of before may be missing, rather than that there were none. */
    boolean isCut() {
        return cut;
    }

    /** Time of the first line, ms Unix time; {@link Long#MAX_VALUE} of an empty log. */
    long beginMillis() {
        return begin;
    }

    /** Of the files that are read. */
    long bytes() {
        return bytes;
    }

    /** Tells devices of their flows, the oldest first. */
    void tell(Map<String, Retold> devices) throws IOException {
        FlowFacts facts = new FlowFacts(registrable);
        Map<String, String> meant = new HashMap<>();
        devices.keySet().forEach(device -> names.apply(device).forEach(name -> meant.put(name, device)));
        FlowReader reader = new FlowReader(facts, name -> meant.getOrDefault(name, name));
        Telling telling = new Telling(again(devices), facts, Telling.Facts.NONE, finding -> {});
        SeenBefore seen = new SeenBefore();
        for (Path file : files) {
            telling.begin(REACH);
            try (InputStream in = Files.newInputStream(file)) {
                Lines lines = new Lines(in);
                while (lines.next()) {
                    if (!lines.tooLong()
                            && reader.read(lines.bytes(), lines.from(), lines.to()) instanceof FlowReader.Read.Told told
                            && told.line().filter(line -> wanted(line, devices)).isPresent()
                            && !seen.test(told.name())) {
                        telling.line(told.line().get());
                    }
                }
            }
        }
        telling.flush();
    }

    /** Tells devices of flows once more. */
    private static FlowListener again(Map<String, Retold> devices) {
        return new FlowListener(event -> {
            Retold one = devices.get(event.flow().tag().device());
            if (one != null) {
                one.observe(event);
            }
        });
    }

    private boolean wanted(FlowLine line, Map<String, Retold> devices) {
        return line.atMillis() >= oldest
                && devices.containsKey(line.flow().tag().device());
    }
}
