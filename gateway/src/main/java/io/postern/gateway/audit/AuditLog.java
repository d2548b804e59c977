package io.postern.gateway.audit;

import io.postern.gateway.state.OwnFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of one gateway, {@code audit.ndjson}. Checked from end to end when opened; a chain that is broken is told and
 * stays as it is, and goes on behind the break. Blocks for the disk, so not for event loops.
 */
public final class AuditLog {

    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);

    private final Path file;
    private final Consumer<Result> tell;
    private AuditChain chain;

    /** What metrics count. */
    public enum Result {
        WRITTEN,
        FAILED
    }

    private AuditLog(Path file, AuditChain chain, Consumer<Result> tell) {
        this.file = file;
        this.chain = chain;
        this.tell = tell;
    }

    /** @throws IOException when there is a log that cannot be read */
    public static AuditLog open(Path file, Consumer<Result> tell) throws IOException {
        AuditChain chain = AuditChain.verify(file);
        chain.broken().ifPresent(where -> LOG.error("audit log {} is broken: {}", file, where));
        return new AuditLog(file, chain, tell);
    }

    /**
     * The entry is on the disk when this returns.
     *
     * @throws IOException when that cannot be promised; then what it speaks of must not be done
     */
    public synchronized void write(AuditEntry entry) throws IOException {
        try {
            noticeOthers();
            long sequence = chain.sequence() + 1;
            String line = entry.line(sequence, chain.last());
            String text = (chain.whole() ? "" : "\n") + line + "\n";
            OwnFile.append(file, chain.bytes(), text.getBytes(StandardCharsets.US_ASCII));
            String hash = AuditChain.hash(line.getBytes(StandardCharsets.US_ASCII));
            chain = new AuditChain(
                    chain.entries() + 1,
                    chain.gone(),
                    sequence,
                    hash,
                    chain.bytes() + text.length(),
                    true,
                    chain.broken());
            new AuditHead(file).remember(sequence, hash);
            tell.accept(Result.WRITTEN);
        } catch (IOException e) {
            tell.accept(Result.FAILED);
            LOG.error("audit log {} cannot be written: {}", file, e.toString());
            throw e;
        }
    }

    /**
     * Takes entries of before a time from the beginning of the log, up to the first that is younger; that they went is its newest entry. The
     * log is checked from end to end before any go, since nobody can afterwards; one that is broken stays as it is.
     *
     * @param what the entry that says so, of what it is to name
     * @return how many went
     * @throws IOException when that could not be written; none has gone
     */
    public synchronized long prune(Instant before, Function<String, AuditEntry> what) throws IOException {
        noticeOthers();
        AuditPrefix old = chain.broken().isPresent() ? AuditPrefix.NONE : AuditPrefix.of(file, before);
        if (old.last().isEmpty() || !unchanged()) {
            return 0;
        }
        Checkpoint checkpoint = old.last().get();
        write(what.apply(checkpoint.words()));
        String line = checkpoint.line() + "\n";
        OwnFile.replaceBeginning(file, old.bytes(), line.getBytes(StandardCharsets.US_ASCII));
        long gone = checkpoint.sequence() - chain.gone();
        chain = new AuditChain(
                chain.entries() - gone,
                checkpoint.sequence(),
                chain.sequence(),
                chain.last(),
                chain.bytes() - old.bytes() + line.length(),
                true,
                Optional.empty());
        LOG.info("audit log pruned entries={} before={}", gone, before);
        return gone;
    }

    /** A log that is not as it was left has been touched by somebody else. */
    private void noticeOthers() throws IOException {
        long size = Files.exists(file) ? Files.size(file) : 0;
        if (size == chain.bytes()) {
            return;
        }
        AuditChain now = AuditChain.verify(file);
        breaks(
                now,
                now.broken()
                        .orElse("it has " + size + " bytes where " + chain.bytes()
                                + " were left: somebody else wrote it"));
    }

    private boolean unchanged() throws IOException {
        AuditChain now = AuditChain.verify(file);
        now.broken().ifPresent(where -> breaks(now, where));
        return now.broken().isEmpty();
    }

    private void breaks(AuditChain now, String where) {
        LOG.error("audit log {} is broken: {}", file, where);
        chain = new AuditChain(
                now.entries(), now.gone(), now.sequence(), now.last(), now.bytes(), now.whole(), Optional.of(where));
    }

    /** Whether the chain was found broken, at the start or since. */
    public synchronized boolean broken() {
        return chain.broken().isPresent();
    }
}
