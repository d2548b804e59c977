package io.postern.gateway.zeek;

import io.postern.gateway.detect.SeenBefore;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Puts together what several logs say of one connection. What is said of one waits for it: of {@value #MOST_WAITING}
 * connections, a few hundred bytes each as a rule; one more, and what has waited longest is let go, and counted. One for all logs of a replay; not
 * for several threads.
 */
public final class ZeekJoin {

    static final int MOST_WAITING = 100_000;

    private static final ZeekDetails NOTHING = new ZeekDetails();

    private final Consumer<ZeekConnection> connections;
    private final SeenBefore seen;
    private final Map<String, ZeekDetails> waiting = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, ZeekDetails> eldest) {
            boolean full = size() > MOST_WAITING;
            unjoined += full ? 1 : 0;
            return full;
        }
    };

    private long unjoined;
    private long duplicates;
    private long others;

    /** @param connections told of each connection, and of one that lives on as often as a log does */
    public ZeekJoin(SeenBefore seen, Consumer<ZeekConnection> connections) {
        this.seen = seen;
        this.connections = connections;
    }

    void row(ZeekKind kind, ZeekFile file) {
        ZeekRow row = file.row();
        switch (kind) {
            case CONN -> connection(file, false);
            case OPEN_CONN -> connection(file, true);
            case SSL -> details(row).tls(row);
            case QUIC -> details(row).quic(row);
            case HTTP -> details(row).http(row);
            case DNS -> details(row).dns(row);
            case OTHER -> throw new IllegalArgumentException("nobody reads such a log");
        }
    }

    /** No more is read of these logs; nothing that waits has a connection in the next. */
    void end() {
        unjoined += waiting.size();
        waiting.clear();
    }

    /** Connections of which something was said, and which were not there, or came too late. */
    public long unjoined() {
        return unjoined;
    }

    /** Connections that were there before. */
    public long duplicates() {
        return duplicates;
    }

    /** Connections of neither TCP nor UDP. */
    public long others() {
        return others;
    }

    private ZeekDetails details(ZeekRow row) {
        String uid = row.get(ZeekField.UID);
        return uid.isEmpty() ? new ZeekDetails() : waiting.computeIfAbsent(uid, none -> new ZeekDetails());
    }

    private void connection(ZeekFile file, boolean living) {
        ZeekRow row = file.row();
        String proto = row.get(ZeekField.PROTO);
        if (!proto.isEmpty() && !proto.equals("tcp") && !proto.equals("udp")) {
            others++;
            return;
        }
        String uid = row.get(ZeekField.UID);
        if (!uid.isEmpty() && !living && seen.test(uid)) {
            duplicates++;
            return;
        }
        ZeekDetails known = living ? waiting.get(uid) : waiting.remove(uid);
        Optional<String> wrong = ZeekConnection.wrong(row);
        if (wrong.isPresent()) {
            file.broken(wrong.get());
        } else {
            connections.accept(ZeekConnection.of(row, known == null ? NOTHING : known, living));
        }
    }
}
