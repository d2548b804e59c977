package io.postern.gateway.context;

import io.postern.config.ContextSettings;
import io.postern.gateway.http.Door;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** All sources, and what each shows. {@link #adopt} may be called from any thread. */
final class Sources {

    private final List<Source> sources;
    private volatile List<Credentials> credentials;

    Sources(List<ContextSettings.Source> settings, Function<ContextSettings.Source, Source> make) throws IOException {
        sources = settings.stream().map(make).toList();
        credentials = read(settings);
    }

    /** From now on what its files say now counts; not when one of them does not read. */
    void adopt() throws IOException {
        credentials = read(sources.stream().map(Source::settings).toList());
    }

    private static List<Credentials> read(List<ContextSettings.Source> settings) throws IOException {
        List<Credentials> read = new ArrayList<>(settings.size());
        for (ContextSettings.Source source : settings) {
            try {
                read.add(Credentials.of(source));
            } catch (IOException e) {
                throw new IOException("context source " + source.name() + ": " + e.getMessage(), e);
            }
        }
        return List.copyOf(read);
    }

    List<Source> all() {
        return sources;
    }

    /** Whose token this is; every one is tried, whichever fits, so that the time tells nothing. */
    Optional<Source> byToken(String shown) {
        List<Credentials> now = credentials;
        Optional<Source> found = Optional.empty();
        for (int i = 0; i < now.size(); i++) {
            if (now.get(i).token(shown)) {
                found = Optional.of(sources.get(i));
            }
        }
        return found;
    }

    Optional<Source> byCertificate(Door.Peer peer) {
        List<Credentials> now = credentials;
        for (int i = 0; i < now.size() && peer.certificate().isPresent(); i++) {
            if (now.get(i).certificate(peer.certificate().get())) {
                return Optional.of(sources.get(i));
            }
        }
        return Optional.empty();
    }

    /** Whose push this is. */
    Optional<Source> byPush(String shown, long nowMillis) {
        List<Credentials> now = credentials;
        for (int i = 0; i < now.size(); i++) {
            if (now.get(i)
                    .push()
                    .filter(tokens -> tokens.good(shown, nowMillis))
                    .isPresent()) {
                return Optional.of(sources.get(i));
            }
        }
        return Optional.empty();
    }

    Optional<Source> named(String name) {
        return sources.stream().filter(source -> source.name().equals(name)).findFirst();
    }

    Credentials credentials(Source source) {
        return credentials.get(sources.indexOf(source));
    }
}
