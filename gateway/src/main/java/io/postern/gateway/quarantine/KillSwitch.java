package io.postern.gateway.quarantine;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postern.gateway.state.Store;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether enforcement is switched off, by the settings or by hand; what was done by hand is kept over restarts. */
public final class KillSwitch {

    private static final Logger LOG = LoggerFactory.getLogger(KillSwitch.class);
    private static final byte[] KEY = "state".getBytes(UTF_8);

    /**
     * How it stands.
     *
     * @param actor who did it last; empty: nobody has
     * @param sinceMillis Unix time
     */
    public record State(boolean on, String actor, String reason, long sinceMillis) {
        static final State UNTOUCHED = new State(false, "", "", 0);
    }

    private final boolean bySetting;
    private final Store store;
    private final Store.Table table;
    private final Clock clock;
    private volatile State state = State.UNTOUCHED;
    private volatile boolean unstored;

    /**
     * @param bySetting on, whatever is done by hand
     * @throws IOException when the store cannot be read
     */
    public KillSwitch(boolean bySetting, Store store, Clock clock) throws IOException {
        this.bySetting = bySetting;
        this.store = store;
        this.clock = clock;
        table = store.table("kill-switch");
        Optional<byte[]> kept = table.get(KEY);
        if (kept.isPresent()) {
            state = read(kept.get());
        }
        if (on()) {
            LOG.warn(
                    "kill switch on: policy, findings and quarantine only alert by={}",
                    bySetting ? "setting" : state.actor);
        }
    }

    private static State read(byte[] bytes) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            return new State(in.readBoolean(), in.readUTF(), in.readUTF(), in.readLong());
        }
    }

    /** Any thread may ask. */
    public boolean on() {
        return bySetting || state.on;
    }

    /** Whether the settings say so, which nobody can undo by hand. */
    public boolean bySetting() {
        return bySetting;
    }

    /** What was done by hand. */
    public State state() {
        return state;
    }

    /** Whether it was turned and could not be stored, so that the next start does not know of it. */
    public boolean unstored() {
        return unstored;
    }

    /**
     * In force when this returns, even where the disk fails: whoever must stop enforcement cannot wait for a disk. Not for an
     * event loop.
     *
     * @return whether it is on the disk too
     */
    public synchronized boolean turn(boolean on, String actor, String reason) {
        State next = new State(on, actor, reason, clock.millis());
        state = next;
        LOG.warn("kill switch {} by={}", on ? "on" : "off", actor);
        try {
            save(next);
            unstored = false;
        } catch (IOException e) {
            unstored = true;
            LOG.error("the kill switch could not be stored and stands as it was after a restart: {}", e.toString());
        }
        return !unstored;
    }

    /** Stores what could not be stored. Not for an event loop. */
    public synchronized void look() {
        if (!unstored) {
            return;
        }
        try {
            save(state);
            unstored = false;
            LOG.info("the kill switch is stored, which it could not be before");
        } catch (IOException e) {
            LOG.debug("the kill switch still cannot be stored: {}", e.toString());
        }
    }

    private void save(State next) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeBoolean(next.on);
            out.writeUTF(next.actor);
            out.writeUTF(next.reason);
            out.writeLong(next.sinceMillis);
        }
        table.put(KEY, bytes.toByteArray());
        store.sync();
    }
}
