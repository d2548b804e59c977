package io.postern.gateway.whatif;

import io.postern.gateway.input.Input;
import io.postern.gateway.input.Lines;
import io.postern.gateway.rules.Decision;
import io.postern.gateway.rules.Overrules;
import io.postern.gateway.rules.Rules;
import io.postern.gateway.whatif.Comparison.Change;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import java.util.function.UnaryOperator;

/**
 * Judges flows that were recorded by two policies, each by the time, the facts and the findings of its record. Not for several
 * threads.
 */
public final class WhatIf {

    /** Lines between two words of how far it is. */
    private static final int TOLD_EACH = 4_096;

    private final Rules today;
    private final Rules next;
    private final Overrules above;
    private final RecordReader reader;
    private final Comparison comparison = new Comparison();
    private final UnaryOperator<String> called;
    private long flows;
    private long broken;
    private long unrecognised;
    private long withoutFacts;
    private long bytes;
    private int brokenInputs;

    /** @param above both policies */
    public WhatIf(Rules today, Rules next, Overrules above) {
        this(today, next, above, device -> device, device -> device);
    }

    /**
     * @param meant the device that a record means which calls it so
     * @param called what devices are called
     */
    public WhatIf(Rules today, Rules next, Overrules above, UnaryOperator<String> meant, UnaryOperator<String> called) {
        this.reader = new RecordReader(meant);
        this.called = called;
        this.above = above;
        this.today = today;
        this.next = next;
    }

    /**
     * Flows of one app that a rule decides otherwise.
     *
     * @param change what becomes of them: blocked, throttled, alerted, allowed
     * @param rule which says so, or which says so no more
     * @param devices distinct ones
     */
    public record Row(String change, String app, String rule, long flows, int devices) {}

    /** Flows of one device that become something else. */
    public record Device(String device, long blocked, long throttled, long alerted, long allowed) {
        public long changed() {
            return blocked + throttled + alerted + allowed;
        }
    }

    /**
     * What it comes to.
     *
     * @param today version of the policy that is compared with
     * @param next version of the other
     * @param broken lines that say too little to be judged, or nothing
     * @param unrecognised judged without what they speak, which their records do not say
     * @param withoutFacts judged by a policy that asks facts, of which their records have none
     */
    public record Summary(
            String today,
            String next,
            long flows,
            long broken,
            long unrecognised,
            long withoutFacts,
            long blocked,
            long throttled,
            long alerted,
            long allowed,
            List<Row> rows,
            List<Device> devices,
            int brokenInputs) {}

    /**
     * Reads all of these, in this order.
     *
     * @param faults told of inputs that cannot be read
     * @param progress told of the bytes read by now, of files as they lie on the disk
     */
    public Summary run(List<Path> inputs, BiConsumer<Path, String> faults, LongConsumer progress) {
        for (Path path : inputs) {
            long before = bytes;
            try (Input input = Input.open(path)) {
                read(new Lines(input.stream()), () -> {
                    bytes = before + input.bytes();
                    progress.accept(bytes);
                });
            } catch (IOException e) {
                brokenInputs++;
                faults.accept(path, Input.text(e));
            }
        }
        return new Summary(
                today.version(),
                next.version(),
                flows,
                broken,
                unrecognised,
                withoutFacts,
                comparison.total(Change.BLOCKED),
                comparison.total(Change.THROTTLED),
                comparison.total(Change.ALERTED),
                comparison.total(Change.ALLOWED),
                comparison.rows(),
                comparison.devices(called),
                brokenInputs);
    }

    private void read(Lines lines, Runnable told) throws IOException {
        while (lines.next()) {
            if (lines.number() % TOLD_EACH == 0) {
                told.run();
            }
            if (lines.tooLong()) {
                broken++;
            } else if (lines.to() > lines.from()) {
                switch (reader.read(lines.bytes(), lines.from(), lines.to())) {
                    case FLOW -> judge(reader.flow());
                    case OTHER -> {}
                    case BROKEN -> broken++;
                }
            }
        }
        told.run();
    }

    private void judge(Recorded flow) {
        flows++;
        unrecognised += flow.question().protocol().isEmpty() ? 1 : 0;
        withoutFacts += !flow.told() && (today.asksFacts() || next.asksFacts()) ? 1 : 0;
        comparison.add(flow.question(), decide(today, flow), decide(next, flow));
    }

    private Decision decide(Rules rules, Recorded flow) {
        return above.after(
                rules.judge(flow.question(), flow.at(), flow.facts(), flow.found()), flow.question(), flow.at());
    }
}
