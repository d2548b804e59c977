package io.postern.gateway.replay;

import io.postern.analytics.Verdict;
import io.postern.analytics.detect.Detection;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.flow.AppTag;
import io.postern.config.GatewaySettings;
import io.postern.dns.names.PublicSuffixes;
import io.postern.gateway.detect.FlowFacts;
import io.postern.gateway.detect.FlowLine;
import io.postern.gateway.detect.FlowReader;
import io.postern.gateway.detect.Pairs;
import io.postern.gateway.detect.SeenBefore;
import io.postern.gateway.detect.Telling;
import io.postern.gateway.flows.MemoryBudget;
import io.postern.gateway.input.Faults;
import io.postern.gateway.input.Input;
import io.postern.gateway.input.Kind;
import io.postern.gateway.input.Lines;
import io.postern.gateway.recognise.DatagramSniffers;
import io.postern.gateway.recognise.Sniffers;
import io.postern.gateway.recognise.Taps;
import io.postern.gateway.records.OcsfFinding;
import io.postern.gateway.records.Origin;
import io.postern.gateway.rules.Rules;
import io.postern.gateway.zeek.ZeekConnection;
import io.postern.gateway.zeek.ZeekJoin;
import io.postern.gateway.zeek.ZeekLogs;
import io.postern.wire.capture.CaptureFault;
import io.postern.wire.packet.PacketLimits;
import io.postern.wire.packet.PacketReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One replay: all its inputs, whatever they are, into one state. Reading ahead, telling in order and detecting have a thread
 * each; what is written does not depend on how fast they are.
 */
final class ReplayRun implements Closeable {

    /** A record tells of an hour at most, and of a capture two; a flow that has fallen silent is told of an hour later. */
    private static final Duration RECORDS_REACH = Duration.ofHours(4);

    /** Zeek tells of a connection when it has ended. */
    private static final Duration ZEEK_REACH = Duration.ofHours(24);

    /** What it is made of. */
    record Parts(
            GatewaySettings.Sniff sniff,
            Rules rules,
            Tags tags,
            String version,
            Detection detection,
            Predicate<String> shadow) {}

    /** What it writes. */
    record Outputs(OutputStream flows, OutputStream findings, OutputStream scores) {}

    private final Parts parts;
    private final Outputs files;
    private final BiConsumer<Path, String> wrong;
    private final LongConsumer read;
    private final DetectionThread detection;
    private final Pairs pairs = new Pairs();
    private final FoundTable found = new FoundTable();
    private final SeenBefore seen = new SeenBefore();
    private final OcsfFinding ocsfFinding;
    private final Telling telling;
    private final FlowLines lines;
    private final FlowReader reader;
    private final Replayer replayer;
    private final PacketReader packets;
    private final CaptureFile captures = new CaptureFile();
    private final ZeekJoin join;
    private final Faults contextFaults;
    private final Optional<FactFile> context;
    private final ReplayFacts known;
    private final Set<Path> broken = new HashSet<>();
    private Origin zeek = Origin.input("-");
    private long bytes;
    private long logLines;
    private long brokenLines;
    private long duplicates;
    private long others;
    private long findings;

    /** @param context facts that are told beside the inputs */
    ReplayRun(Parts parts, Outputs files, Optional<Path> context, BiConsumer<Path, String> wrong, LongConsumer read) {
        this.parts = parts;
        this.files = files;
        this.wrong = wrong;
        this.read = read;
        this.contextFaults = new Faults(what -> wrong.accept(context.orElse(Path.of("")), what));
        this.context = context.flatMap(this::open);
        this.known = new ReplayFacts(context.filter(file -> parts.rules().asksFacts()), contextFaults::whole);
        FlowFacts facts = new FlowFacts(PublicSuffixes.shipped()::registrable);
        this.detection = new DetectionThread(parts.detection());
        this.ocsfFinding = new OcsfFinding(parts.version());
        this.telling = new Telling(
                detection,
                facts,
                this.context.<Telling.Facts>map(each -> each).orElse(Telling.Facts.NONE),
                this::found);
        this.lines = new FlowLines(files.flows(), parts.version(), parts.rules(), known, facts, this::told);
        // On a thread of its own.
        this.reader = new FlowReader(new FlowFacts(PublicSuffixes.shipped()::registrable));
        this.replayer = replayer();
        this.packets = new PacketReader(PacketLimits.DEFAULTS, replayer);
        this.join = new ZeekJoin(seen, this::seen);
    }

    private Optional<FactFile> open(Path file) {
        try {
            return Optional.of(FactFile.open(file, contextFaults));
        } catch (IOException e) {
            contextFaults.whole(Input.text(e));
            return Optional.empty();
        }
    }

    private Replayer replayer() {
        GatewaySettings.Sniff sniff = parts.sniff();
        MemoryBudget memory = new MemoryBudget(sniff.memory(), () -> {});
        return new Replayer(
                new Replayer.Parts(
                        new Sniffers(sniff.maxHelloBytes(), sniff.maxBytes()),
                        new DatagramSniffers(memory, Runnable::run),
                        new Taps(sniff.maxHelloBytes(), memory, fault -> {}, Runnable::run),
                        memory),
                parts.tags(),
                lines::write);
    }

    Replay.Summary all(List<Path> inputs) throws IOException {
        List<Path> zeekFiles = new ArrayList<>();
        for (Path input : inputs) {
            if (Files.isDirectory(input)) {
                zeekFiles(zeekFiles);
                folder(input);
            } else {
                input(input, zeekFiles);
            }
            read.accept(bytes);
        }
        zeekFiles(zeekFiles);
        packets.end();
        replayer.end();
        telling.end();
        if (context.isPresent()) {
            context.get().close();
        }
        known.close();
        detection.scores(pairs::score);
        List<Pairs.Row> rows = pairs.rows();
        ScoreLines.write(rows, files.scores());
        return new Replay.Summary(
                inputs.size(),
                broken.size(),
                bytes,
                replayer.packets(),
                lines.flows(),
                lines.counts(),
                new Replay.Logs(
                        logLines,
                        brokenLines,
                        duplicates + join.duplicates(),
                        others + join.others(),
                        telling.late(),
                        join.unjoined()),
                new Replay.Detected(
                        context.map(FactFile::read).orElse(0L),
                        contextFaults.lines(),
                        contextFaults.broken(),
                        findings,
                        found.rows(),
                        rows.size(),
                        pairs.forgotten()));
    }

    /** Logs of Zeek's that are given one after another are read together, as if they lay in one folder. */
    private void input(Path path, List<Path> zeekFiles) {
        Faults faults = faults(path, path);
        try (Input input = Input.open(path)) {
            if (input.kind() == Kind.ZEEK) {
                if (Files.isRegularFile(path)) {
                    zeekFiles.add(path);
                } else {
                    faults.whole("is a log of Zeek's, which must be a file");
                }
                return;
            }
            zeekFiles(zeekFiles);
            read(input, path, faults);
            bytes += input.bytes();
        } catch (IOException e) {
            faults.whole(Input.text(e));
        }
    }

    private void read(Input input, Path path, Faults faults) throws IOException {
        switch (input.kind()) {
            case CAPTURE -> capture(input, path, faults);
            case FLOWS -> flowLog(input, faults);
            case UNKNOWN -> faults.whole("is neither a capture (pcap, pcapng) nor a log of flows, ours or Zeek's");
            case ZEEK -> throw new IllegalArgumentException("is read together with others");
        }
    }

    private void capture(Input input, Path path, Faults faults) throws IOException {
        telling.begin(RECORDS_REACH);
        replayer.begin(name(path));
        captures.read(input, packets, () -> read.accept(bytes + input.bytes()))
                .map(CaptureFault::text)
                .ifPresent(faults::whole);
    }

    private void flowLog(Input input, Faults faults) throws IOException {
        // What lives in captures before it does not go on in it.
        replayer.end();
        telling.begin(RECORDS_REACH);
        LinesAhead ahead = new LinesAhead(input, reader);
        try (ahead) {
            while (ahead.next((bytes, from, to, number, line) -> flowLine(bytes, from, to, number, line, faults))) {
                read.accept(bytes + ahead.bytes());
            }
        } finally {
            logLines += ahead.number();
            brokenLines += faults.lines();
            faults.end();
        }
    }

    private void flowLine(byte[] log, int from, int to, long number, FlowReader.@Nullable Read line, Faults faults)
            throws IOException {
        if (line == null) {
            faults.line(number, "is over " + Lines.LONGEST + " bytes");
        } else if (line instanceof FlowReader.Read.Told told) {
            if (seen.test(told.name())) {
                duplicates++;
            } else {
                lines.copy(log, from, to, told);
            }
        } else if (line instanceof FlowReader.Read.Broken no) {
            faults.line(number, no.what());
        } else {
            others++;
        }
    }

    private void folder(Path folder) throws IOException {
        List<Path> logs;
        try {
            logs = ZeekLogs.in(folder);
        } catch (IOException e) {
            faults(folder, folder).whole(Input.text(e));
            return;
        }
        if (logs.isEmpty()) {
            faults(folder, folder).whole("has no log of Zeek's in it");
        }
        zeek(logs, name(folder), log -> folder);
    }

    private void zeekFiles(List<Path> logs) throws IOException {
        if (!logs.isEmpty()) {
            zeek(logs, name(logs.get(0)), log -> log);
            logs.clear();
        }
    }

    /** @param input of which a log is a part */
    private void zeek(List<Path> logs, String name, Function<Path, Path> input) throws IOException {
        replayer.end();
        telling.begin(ZEEK_REACH);
        zeek = Origin.input(name);
        List<Faults> all = new ArrayList<>();
        long before = bytes;
        ZeekLogs.Sum sum = new ZeekLogs(join)
                .read(
                        logs,
                        log -> {
                            Faults faults = faults(log, input.apply(log));
                            all.add(faults);
                            return faults;
                        },
                        some -> read.accept(before + some));
        bytes += sum.bytes();
        logLines += sum.rows();
        brokenLines += all.stream().mapToLong(Faults::lines).sum();
    }

    private void seen(ZeekConnection connection) {
        AppTag tag = parts.tags().find(connection.client()).orElse(AppTag.UNATTRIBUTED);
        lines.write(connection, zeek, tag);
    }

    private void told(FlowLine line) {
        pairs.line(line);
        telling.line(line);
    }

    private void found(Finding finding) {
        findings++;
        found.told(finding);
        Verdict.Action action = parts.shadow().test(finding.analytic()) ? Verdict.Action.ALLOW : Verdict.Action.ALERT;
        ocsfFinding.write(finding, action, Optional.empty(), files.findings());
    }

    private Faults faults(Path file, Path input) {
        return new Faults(what -> {
            broken.add(input);
            wrong.accept(file, what);
        });
    }

    @Override
    public void close() {
        detection.close();
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }
}
