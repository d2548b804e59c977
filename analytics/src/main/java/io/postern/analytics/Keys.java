package io.postern.analytics;

import io.postern.analytics.flow.Destination;
import io.postern.analytics.instrument.NameShape;
import io.postern.analytics.instrument.Novelty;
import io.postern.analytics.state.Apps;
import io.postern.analytics.state.Crowds;
import io.postern.analytics.state.Ghosts;
import io.postern.analytics.state.Table;
import java.util.function.IntToLongFunction;

/**
 * Which apps and destinations of a device have a place in its table, and which one has to go: see {@link DeviceState}. Hosts of
 * one domain beyond a bound share a place.
 */
final class Keys {

    /** Hosts of one domain beyond the bound go by this and the domain. */
    private static final String ANY_HOST = "*.";
    /** In place of an app: all of them. */
    private static final int EVERY_APP = 0xFFFF;

    private static final long DAY_SECONDS = 86_400;

    private final StateLimits limits;
    private final Apps apps;
    private final Table table;
    private final Tracked aside;
    private final Crowds crowds;
    private final IntToLongFunction worth = this::worth;

    final Ghosts ghosts = new Ghosts();
    long evicted;
    long evictedRecurrent;
    long folded;

    /** @param aside looks wherever it is to look here */
    Keys(StateLimits limits, Apps apps, Table table, Tracked aside) {
        this.limits = limits;
        this.apps = apps;
        this.table = table;
        this.aside = aside;
        crowds = new Crowds(limits.keys());
    }

    /**
     * Where an app and a destination are kept, made if need be.
     *
     * @param reached the latest time of any event
     */
    int slot(int app, Destination to, long at, long reached) {
        String name = to.name();
        int hash = table.hash(app, "", name);
        int slot = table.find(hash, app, "", name);
        if (slot >= 0) {
            return slot;
        }
        int crowd = to.domain().isEmpty() ? 0 : crowds.count(table.hash(app, "", to.domain()));
        if (crowd < limits.hostsOfDomain()) {
            return add(app, to, hash, "", name, at, reached);
        }
        folded++;
        hash = table.hash(app, ANY_HOST, to.domain());
        slot = table.find(hash, app, ANY_HOST, to.domain());
        return slot >= 0 ? slot : add(app, to, hash, ANY_HOST, to.domain(), at, reached);
    }

    private int add(int app, Destination to, int hash, String prefix, String name, long at, long reached) {
        makeRoom(hash, reached);
        int slot = table.add(hash, app, prefix, name);
        apps.added(app);
        aside.look(slot).ofDomain(name.endsWith(to.domain()) ? to.domain().length() : 0);
        if (ghosts.wasHere(hash)) {
            aside.cameBack();
        }
        apps.past(app).seenAt(at);
        int fresh = joinCrowd(slot) ? Novelty.DESTINATION | Novelty.DOMAIN : Novelty.DESTINATION;
        aside.marks(NameShape.of(to), fresh, 0);
        return slot;
    }

    /** @return whether it is the first of its app and domain */
    private boolean joinCrowd(int slot) {
        int letters = aside.look(slot).domainLetters();
        if (letters == 0) {
            return false;
        }
        int ofApp = table.hashOfTail(table.number(slot), slot, letters);
        boolean first = crowds.count(ofApp) == 0;
        crowds.added(ofApp);
        crowds.added(table.hashOfTail(EVERY_APP, slot, letters));
        return first;
    }

    private void leaveCrowd(int slot) {
        int letters = aside.look(slot).domainLetters();
        if (letters > 0) {
            crowds.removed(table.hashOfTail(table.number(slot), slot, letters));
            crowds.removed(table.hashOfTail(EVERY_APP, slot, letters));
        }
    }

    private void makeRoom(int chance, long reached) {
        if (!table.full()) {
            return;
        }
        evict(table.leastWorth(chance, worth), reached);
    }

    /** All that came once and is not held; whether there was any. */
    boolean dropSeldom(long reached) {
        int before = table.size();
        for (int slot = 0; slot < table.slots(); slot++) {
            if (table.inUse(slot) && !aside.look(slot).held() && !aside.recurrent()) {
                evict(slot, reached);
            }
        }
        return table.size() < before;
    }

    private void evict(int slot, long reached) {
        evicted++;
        if (aside.look(slot).recurrent()) {
            evictedRecurrent++;
        }
        leaveCrowd(slot);
        ghosts.gone(table.hash(slot), reached);
        apps.removed(table.number(slot));
        table.remove(slot);
    }

    /** Who has more than a quarter of all gives of its own first, of what came once. */
    private long worth(int slot) {
        long worth = aside.look(slot).worth();
        boolean crowding = apps.entries(table.number(slot)) > limits.keys() / 4;
        return crowding && !aside.recurrent() ? worth - 30 * DAY_SECONDS : worth;
    }

    /** @return the slot, or -1 */
    int find(String profile, String app, String destination) {
        int number = apps.find(profile, app);
        boolean any = destination.startsWith(ANY_HOST);
        String prefix = any ? ANY_HOST : "";
        String name = any ? destination.substring(ANY_HOST.length()) : destination;
        return number < 0 ? -1 : table.find(table.hash(number, prefix, name), number, prefix, name);
    }

    /** See {@link DeviceState#connected}. */
    boolean connected(String domain) {
        if (crowds.count(table.hash(EVERY_APP, "", domain)) == 0) {
            return false;
        }
        // What was counted there may have been another domain.
        for (int slot = 0; slot < table.slots(); slot++) {
            if (table.inUse(slot)
                    && aside.look(slot).domainLetters() == domain.length()
                    && aside.domain().equals(domain)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a slot still has what it had when its hash was that. */
    boolean holds(int slot, int hash) {
        return slot < table.slots() && table.inUse(slot) && table.hash(slot) == hash;
    }

    void join(Keys other) {
        ghosts.join(other.ghosts);
        evicted = Math.max(evicted, other.evicted);
        evictedRecurrent = Math.max(evictedRecurrent, other.evictedRecurrent);
        folded = Math.max(folded, other.folded);
    }

    /** Where another's key is kept here, made if need be. */
    int of(Tracked theirs, long reached) {
        int app = apps.number(theirs.profile(), theirs.app());
        apps.past(app).join(theirs.past());
        String destination = theirs.destination();
        boolean any = destination.startsWith(ANY_HOST);
        String prefix = any ? ANY_HOST : "";
        String name = any ? destination.substring(ANY_HOST.length()) : destination;
        int hash = table.hash(app, prefix, name);
        int slot = table.find(hash, app, prefix, name);
        if (slot < 0) {
            makeRoom(hash, reached);
            slot = table.add(hash, app, prefix, name);
            apps.added(app);
        }
        return slot;
    }

    /** Anew: crowds are not written. */
    void countCrowds() {
        crowds.clear();
        for (int slot = 0; slot < table.slots(); slot++) {
            if (table.inUse(slot)) {
                joinCrowd(slot);
            }
        }
    }

    long bytes() {
        return crowds.bytes() + ghosts.bytes();
    }
}
