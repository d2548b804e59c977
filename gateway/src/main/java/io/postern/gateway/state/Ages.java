package io.postern.gateway.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * By which time what is kept in the store grows old, see {@link Ageing}: what time it was when it was saved last is known at
 * the next start, so that a gateway which starts by a wrong clock has nothing forgotten either. For any thread.
 */
public final class Ages {

    private static final String TABLE = "clock";

    private final Store.Table table;
    private final byte[] key;
    private final Clock clock;
    private final LongSupplier nanos;
    private final Ageing ageing;

    private Ages(Store.Table table, byte[] key, Clock clock, LongSupplier nanos) throws IOException {
        this.table = table;
        this.key = key;
        this.clock = clock;
        this.nanos = nanos;
        Optional<byte[]> kept = table.get(key).filter(bytes -> bytes.length == Long.BYTES);
        ageing = new Ageing(
                kept.map(bytes -> ByteBuffer.wrap(bytes).getLong()).orElseGet(clock::millis), nanos.getAsLong());
    }

    /**
     * @param what it is that is kept; each has its own
     * @throws IOException when the store cannot be read
     */
    public static Ages open(Store store, String what, Clock clock) throws IOException {
        return open(store, what, clock, System::nanoTime);
    }

    /** @param nanos of a clock that nobody sets */
    public static Ages open(Store store, String what, Clock clock, LongSupplier nanos) throws IOException {
        return new Ages(store.table(TABLE), what.getBytes(UTF_8), clock, nanos);
    }

    /** What time it is, as far as it is believed. */
    public synchronized long millis() {
        return ageing.millis(clock.millis(), nanos.getAsLong());
    }

    /**
     * On the disk with the store's next {@link Store#sync}.
     *
     * @throws IOException when the store fails
     */
    public void save() throws IOException {
        table.put(key, ByteBuffer.allocate(Long.BYTES).putLong(millis()).array());
    }
}
