package io.postern.gateway;

import io.postern.config.document.Problem;
import io.postern.config.document.Reading;
import io.postern.gateway.access.Access;
import io.postern.gateway.access.AdminTokens;
import io.postern.gateway.access.TokensFile;
import io.postern.gateway.meters.Meters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings added and revoked tokens of the admin API into force. A file that does not read changes nothing; the last good
 * one stays. Looks at time and size every second, on the offload thread.
 */
final class TokensWatch {

    private static final Logger LOG = LoggerFactory.getLogger(TokensWatch.class);

    /** A file that was refused is read again that often: it may only have been out of reach for a moment. */
    private static final int LOOKS_AGAIN = 30;

    private final Path file;
    private final Access access;
    private final Meters meters;
    private Optional<Object> seen;
    /** Read by scrapes, too. */
    private volatile List<Problem> told = List.of();

    private boolean refused;
    private int looks;

    /** @param seen {@link #stamp} from before the file was read: what changed meanwhile must not be missed */
    TokensWatch(Path file, Optional<Object> seen, Access access, Meters meters) {
        this.file = file;
        this.seen = seen;
        this.access = access;
        this.meters = meters;
        meters.watch(
                "postern.admin.tokens.refused",
                "Whether the tokens file does not read, so that the last good tokens are in force, 1 or 0",
                () -> told.isEmpty() ? 0 : 1);
    }

    /** The next look reads the file, changed or not. */
    void again() {
        refused = true;
        looks = LOOKS_AGAIN - 1;
    }

    void look() {
        Optional<Object> now = stamp(file);
        if (now.equals(seen) && (!refused || ++looks % LOOKS_AGAIN != 0)) {
            return;
        }
        seen = now;
        Reading<AdminTokens> reading = new TokensFile(file).read();
        refused = reading.value().isEmpty();
        if (reading.value().isPresent()) {
            access.adopt(reading.value().get());
            told = List.of();
            meters.tokensReloaded(true);
            LOG.info(
                    "admin tokens in force tokens={}",
                    reading.value().get().all().size());
        } else if (!reading.problems().equals(told)) {
            told = reading.problems();
            meters.tokensReloaded(false);
            LOG.warn("admin tokens refused, the last good ones stay in force:");
            told.stream().map(Problem::toString).forEach(LOG::warn);
        }
    }

    /** What tells that the file is another one, or says something else. */
    static Optional<Object> stamp(Path file) {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return Optional.of(List.of(now.size(), now.lastModifiedTime(), Optional.ofNullable(now.fileKey())));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}
