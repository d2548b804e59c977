package io.postern.gateway.quarantine;

import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is in force and could not be stored: it is tried again until it is, or the process ends. For one thread at a time. */
final class Unstored {

    private static final Logger LOG = LoggerFactory.getLogger(Unstored.class);

    private final QuarantineStore store;
    /** By their ids, as they are by now. */
    private final Map<String, Quarantine> waiting = new LinkedHashMap<>();

    Unstored(QuarantineStore store) {
        this.store = store;
    }

    void add(Collection<Quarantine> some) {
        some.forEach(one -> waiting.put(one.id(), one));
    }

    void stored(Collection<Quarantine> some) {
        some.forEach(one -> waiting.remove(one.id()));
    }

    /** Those that are over need not be stored any more. */
    void forget(String device) {
        waiting.values()
                .removeIf(one -> one.end().isPresent() && one.scope().device().equals(device));
    }

    void tryAgain() {
        if (waiting.isEmpty()) {
            return;
        }
        try {
            store.saveAgain(List.copyOf(waiting.values()));
            LOG.info("quarantines stored that could not be before: {}", waiting.size());
            waiting.clear();
        } catch (IOException e) {
            LOG.debug("quarantines still cannot be stored: {}", e.toString());
        }
    }
}
