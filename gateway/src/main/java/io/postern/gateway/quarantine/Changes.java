package io.postern.gateway.quarantine;

import io.postern.gateway.quarantine.Quarantine.End;
import io.postern.gateway.state.Ages;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts changes of quarantines into force and on the disk, in the order that suits each, and then tells of them. For one thread at
 * a time, but for whoever begins to listen.
 */
final class Changes {

    private static final Logger LOG = LoggerFactory.getLogger(Changes.class);

    private final Standing standing;
    private final QuarantineStore store;
    private final Clock clock;
    private final Ages ages;
    private final Runnable notStored;
    private final Spans spans;
    private final Unstored unstored;
    private final List<Consumer<Set<String>>> listeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<Quarantine>> tellers = new CopyOnWriteArrayList<>();

    /**
     * @param nanos of a clock that nobody sets
     * @param notStored told of what is in force though the disk failed
     */
    Changes(Standing standing, QuarantineStore store, Clock clock, Ages ages, LongSupplier nanos, Runnable notStored) {
        this.standing = standing;
        this.store = store;
        this.clock = clock;
        this.ages = ages;
        this.notStored = notStored;
        this.spans = new Spans(nanos);
        this.unstored = new Unstored(store);
    }

    /** Told of the devices of whom something has changed, once it is in force. */
    void whenChanged(Consumer<Set<String>> listener) {
        listeners.add(listener);
    }

    /** Told of each that begins or ends, once it is in force and stored. */
    void whenTold(Consumer<Quarantine> teller) {
        tellers.add(teller);
    }

    /** It stood when the process before this one ended, and stands. */
    void goesOn(Quarantine one) {
        standing.put(one);
        spans.goesOn(one, ages.millis());
    }

    /**
     * In force, then on the disk, then told; where the disk fails it stands as before, but for flows that were cut.
     *
     * @throws IOException when it could not be stored
     */
    void make(Quarantine after) throws IOException {
        Optional<Quarantine> before = standing.at(after.scope());
        List<Quarantine> changed = List.of(after);
        List<Quarantine> news = news(changed);
        List<Quarantine> all = withLapsed(changed);
        hold(changed);
        try {
            store.save(all);
        } catch (IOException e) {
            before.ifPresentOrElse(standing::put, () -> standing.remove(after));
            changed(changed);
            throw e;
        }
        unstored.stored(all);
        tell(changed, news);
    }

    /** In force, on the disk if that can be, and told. */
    void makeAnyway(List<Quarantine> changed) {
        List<Quarantine> news = news(changed);
        List<Quarantine> all = withLapsed(changed);
        hold(changed);
        try {
            store.save(all);
            unstored.stored(all);
        } catch (IOException e) {
            LOG.error("quarantines could not be stored; until they are they end with this run: {}", e.toString());
            notStored.run();
            unstored.add(changed);
        }
        tell(changed, news);
    }

    /**
     * On the disk if that can be, then in force, and told.
     *
     * @return whether they are stored
     */
    boolean end(List<Quarantine> over) {
        boolean stored = true;
        try {
            store.save(over);
        } catch (IOException e) {
            LOG.error("quarantines that are over could not be stored: {}", e.toString());
            notStored.run();
            store.remember(over);
            unstored.add(over);
            stored = false;
        }
        List<Quarantine> news = news(over);
        hold(over);
        tell(over, news);
        return stored;
    }

    /** Those whose time is over, as they ended. */
    List<Quarantine> lapsed(long nowMillis) {
        return standing.all().stream()
                .filter(one -> !one.stands(nowMillis))
                .map(Changes::lapsed)
                .toList();
    }

    private static Quarantine lapsed(Quarantine one) {
        return one.ended(new End(one.untilMillis(), "", ""));
    }

    /** With those whose place they take: their time is over, and nobody has looked at them since. */
    private List<Quarantine> withLapsed(List<Quarantine> changed) {
        List<Quarantine> all = new ArrayList<>(changed);
        changed.stream()
                .flatMap(one -> standing.at(one.scope()).stream())
                .filter(one -> !one.stands(ages.millis()))
                .map(Changes::lapsed)
                .forEach(all::add);
        return all;
    }

    /** Those that begin or end by this, while it is not in force yet. */
    private List<Quarantine> news(List<Quarantine> changed) {
        return changed.stream()
                .filter(one -> one.end().isPresent()
                        || standing.at(one.scope())
                                .filter(before -> before.id().equals(one.id()))
                                .isEmpty())
                .toList();
    }

    private void hold(List<Quarantine> changed) {
        for (Quarantine one : changed) {
            if (one.end().isPresent()) {
                standing.remove(one);
            } else {
                standing.put(one);
            }
        }
        changed(changed);
    }

    private void changed(List<Quarantine> some) {
        Set<String> devices = some.stream().map(one -> one.scope().device()).collect(Collectors.toUnmodifiableSet());
        listeners.forEach(listener -> listener.accept(devices));
    }

    private void tell(List<Quarantine> changed, List<Quarantine> news) {
        for (Quarantine one : changed) {
            if (one.end().isPresent()) {
                spans.ended(one);
            } else {
                spans.lasts(one, clock.millis());
            }
        }
        news.forEach(one -> tellers.forEach(teller -> teller.accept(one)));
    }

    /** Those that would last longer than they were to, for the clock was ahead when they began. */
    void mend(long nowMillis) {
        List<Quarantine> mended = standing.all().stream()
                .flatMap(one -> spans.mended(one, nowMillis).stream())
                .toList();
        if (mended.isEmpty()) {
            return;
        }
        LOG.info("quarantines begun by a clock that was ahead end when they were to: {}", mended.size());
        try {
            store.save(mended);
            unstored.stored(mended);
        } catch (IOException e) {
            unstored.add(mended);
        }
        mended.forEach(standing::put);
    }

    /** What could not be stored. */
    void storeAgain() {
        unstored.tryAgain();
    }

    /**
     * Those of a device that are over, on the disk too.
     *
     * @return how many
     * @throws IOException when that could not be stored; nothing has changed
     */
    int forget(String device) throws IOException {
        int gone = store.forget(device);
        unstored.forget(device);
        return gone;
    }
}
