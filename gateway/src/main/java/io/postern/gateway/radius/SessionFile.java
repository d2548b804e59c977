package io.postern.gateway.radius;

import io.postern.gateway.state.OwnFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sessions kept over restarts, in a file for the gateway's user only. A line is added with each thing said, before it is
 * answered; of two lines of one session the later counts. Written anew when it has grown by as much again, so that it is
 * never much longer than twice what it must be. What a machine had not put on its disk when it stopped is lost. For one
 * thread.
 */
final class SessionFile {

    private static final Logger LOG = LoggerFactory.getLogger(SessionFile.class);

    /** Bytes; for less it is not written anew. */
    private static final long LEAST_GROWTH = 1 << 20;
    /** Attempts to write, of one a second, that are left out after one that failed. */
    private static final int PAUSE = 60;

    private final Path file;
    private final long leastGrowth;
    /** Null before the first writing, and when one has failed. */
    private @Nullable FileChannel out;

    private long whole;
    private long grown;
    private int pause;

    SessionFile(Path file) {
        this(file, LEAST_GROWTH);
    }

    SessionFile(Path file, long leastGrowth) {
        this.file = file;
        this.leastGrowth = leastGrowth;
    }

    /**
     * In order; nothing where there is no file yet.
     *
     * @throws IOException when it is there and cannot be read
     */
    void read(Consumer<KeptSession> each) throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        long strange = 0;
        // Of a file that is not text every byte is a character, and its line none of ours.
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Optional<KeptSession> kept = KeptSession.of(line);
                kept.ifPresent(each);
                strange += kept.isPresent() ? 0 : 1;
            }
        }
        if (strange > 0) {
            // One at the end is what a machine leaves that stops in the middle.
            LOG.warn("{}: {} lines are no sessions and were passed over", file, strange);
        }
    }

    /** Puts these in the place of all lines. */
    void write(Stream<KeptSession> all) throws IOException {
        close();
        StringBuilder text = new StringBuilder();
        all.forEach(kept -> text.append(kept.line()).append('\n'));
        byte[] bytes = text.toString().getBytes(StandardCharsets.US_ASCII);
        OwnFile.replace(file, bytes);
        out = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        whole = bytes.length;
        grown = 0;
    }

    /** The same, when it is time; without success it is tried again in a minute. */
    void tidy(Stream<KeptSession> all) {
        boolean due = out == null ? pause-- <= 0 : grown > Math.max(leastGrowth, whole);
        if (due) {
            try {
                write(all);
            } catch (IOException e) {
                failed(e);
            }
        }
    }

    void add(KeptSession kept) {
        FileChannel to = out;
        if (to == null) {
            return;
        }
        ByteBuffer line = ByteBuffer.wrap((kept.line() + "\n").getBytes(StandardCharsets.US_ASCII));
        try {
            while (line.hasRemaining()) {
                grown += to.write(line);
            }
        } catch (IOException e) {
            failed(e);
        }
    }

    private void failed(IOException why) {
        LOG.warn("sessions of RADIUS clients would not be kept over a restart: {}: {}", file, why.toString());
        close();
        pause = PAUSE;
    }

    void close() {
        try {
            if (out != null) {
                out.close();
            }
        } catch (IOException e) {
            LOG.debug("{} is not closed as it should be", file, e);
        }
        out = null;
    }
}
