package io.postern.gateway;

import io.postern.config.ContextSettings;
import io.postern.gateway.meters.Meters;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what sources of facts show (tokens, keys of a push's issuer, secrets of signatures) into force when a file of it changes. While
 * one does not read nothing changes, of no source; the last good ones stay. Looks at times and sizes every second, on the offload thread.
 */
final class SourcesWatch {

    private static final Logger LOG = LoggerFactory.getLogger(SourcesWatch.class);

    /** Files that were refused are read again that often: one may only have been out of reach for a moment. */
    private static final int LOOKS_AGAIN = 30;

    /** Reads all of them. */
    interface Adopting {
        void adopt() throws IOException;
    }

    private final ContextSettings settings;
    private final Adopting adopting;
    private Object seen;
    /** What was wrong; read by scrapes, too. */
    private volatile String told = "";

    private int looks;

    /** @param seen {@link #stamps} from before the files were read: what changed meanwhile must not be missed */
    SourcesWatch(ContextSettings settings, Object seen, Adopting adopting, Meters meters) {
        this.settings = settings;
        this.seen = seen;
        this.adopting = adopting;
        meters.watch(
                "postern.context.credentials.refused",
                "Whether files of what sources show do not read, so that the last good ones are in force, 1 or 0",
                () -> told.isEmpty() ? 0 : 1);
    }

    /** What tells that one of the files is another one, or says something else. */
    static Object stamps(ContextSettings settings) {
        return settings.sources().stream()
                .flatMap(source -> Stream.of(
                                source.tokenFile(),
                                source.push().map(ContextSettings.Push::jwksFile),
                                source.webhook()
                                        .flatMap(ContextSettings.Webhook::signature)
                                        .map(ContextSettings.Signature::secretFile))
                        .flatMap(Optional::stream))
                .map(TokensWatch::stamp)
                .toList();
    }

    /** The next look reads them if they were refused. */
    void again() {
        looks = LOOKS_AGAIN - 1;
    }

    void look() {
        Object now = stamps(settings);
        if (now.equals(seen) && (told.isEmpty() || ++looks % LOOKS_AGAIN != 0)) {
            return;
        }
        seen = now;
        try {
            adopting.adopt();
            told = "";
            LOG.info(
                    "context credentials in force sources={}",
                    settings.sources().size());
        } catch (IOException e) {
            String wrong = String.valueOf(e.getMessage());
            // The same is told once, however often it is seen.
            if (!wrong.equals(told)) {
                told = wrong;
                LOG.warn("context credentials refused, the last good ones stay in force: {}", wrong);
            }
        }
    }
}
