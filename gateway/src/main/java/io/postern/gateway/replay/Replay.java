package io.postern.gateway.replay;

import io.postern.analytics.flow.Protocol;
import io.postern.config.GatewaySettings;
import io.postern.gateway.flows.MemoryBudget;
import io.postern.gateway.recognise.DatagramSniffers;
import io.postern.gateway.recognise.Sniffers;
import io.postern.gateway.recognise.Taps;
import io.postern.gateway.rules.Rules;
import io.postern.wire.capture.CaptureFault;
import io.postern.wire.packet.PacketLimits;
import io.postern.wire.packet.PacketReader;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;

/** Replays captures into a folder of records. */
public final class Replay {

    /** The records of flows, as a gateway writes them. */
    public static final String FLOWS = "flows.ndjson";

    private static final int BUFFER = 256 * 1024;

    /**
     * What a replay came to.
     *
     * @param broken inputs of which not all could be read
     * @param protocols flows by what they speak
     */
    public record Summary(
            int inputs, int broken, long bytes, long packets, int flows, Map<Protocol, Integer> protocols) {
        public Summary {
            protocols = Map.copyOf(protocols);
        }
    }

    private final GatewaySettings.Sniff sniff;
    private final Rules rules;
    private final Tags tags;
    private final String version;

    /** @param version of the product, as its records name it */
    public Replay(GatewaySettings.Sniff sniff, Rules rules, Tags tags, String version) {
        this.sniff = sniff;
        this.rules = rules;
        this.tags = tags;
        this.version = version;
    }

    /**
     * Reads all inputs in this order.
     *
     * @param out a folder, made if need be
     * @param wrong told of each input that is broken, and how; the others are read all the same
     * @param read told of how many bytes of all inputs were read by now
     * @throws IOException if the records cannot be written
     */
    public Summary run(List<Path> inputs, Path out, BiConsumer<Path, String> wrong, LongConsumer read)
            throws IOException {
        Files.createDirectories(out);
        try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(out.resolve(FLOWS)), BUFFER)) {
            FlowLines lines = new FlowLines(file, version, rules);
            MemoryBudget memory = new MemoryBudget(sniff.memory(), () -> {});
            Replayer replayer = new Replayer(
                    new Replayer.Parts(
                            new Sniffers(sniff.maxHelloBytes(), sniff.maxBytes()),
                            new DatagramSniffers(memory, Runnable::run),
                            new Taps(sniff.maxHelloBytes(), memory, fault -> {}, Runnable::run),
                            memory),
                    tags,
                    lines::write);
            PacketReader packets = new PacketReader(PacketLimits.DEFAULTS, replayer);
            CaptureFile reader = new CaptureFile();
            long bytes = 0;
            int broken = 0;
            for (Path input : inputs) {
                long before = bytes;
                replayer.begin(String.valueOf(input.getFileName()));
                Optional<String> fault = read(reader, input, packets, some -> read.accept(before + some));
                if (fault.isPresent()) {
                    wrong.accept(input, fault.get());
                    broken++;
                }
                bytes += Files.exists(input) ? Files.size(input) : 0;
                read.accept(bytes);
            }
            packets.end();
            replayer.end();
            return new Summary(inputs.size(), broken, bytes, replayer.packets(), lines.flows(), lines.counts());
        }
    }

    private static Optional<String> read(CaptureFile reader, Path input, PacketReader packets, LongConsumer read) {
        try {
            return reader.read(input, packets, read).map(CaptureFault::text);
        } catch (NoSuchFileException e) {
            return Optional.of("no such file");
        } catch (IOException e) {
            return Optional.of(e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }
}
