package io.postern.gateway.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.postern.analytics.Evidence;
import io.postern.gateway.identity.ClientPrint.Trait;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Is one credential used by two clients at once? Notes from which network each flow comes and what its client shows of
 * itself, and says so when flows alternate between two networks, both with live flows, and the clients there have
 * nothing in common.
 *
 * <p>A device that moves changes networks once and keeps its client; one on a carrier's pool of addresses alternates and
 * keeps its client. Neither is evidence, however often it happens. Nor is a difference alone: apps have several clients.
 *
 * <p>At most {@value #MOST} credentials of about 500 bytes each; those unused longest go first, and any after an hour.
 * Thread-safe.
 */
public final class TagWatch {

    static final int MOST = 100_000;

    /** Ours: how long a network is remembered after its last flow, and an alternation after its last turn. */
    static final Duration WINDOW = Duration.ofMinutes(10);

    private static final long WINDOW_MILLIS = WINDOW.toMillis();

    /** Ours: turns back to a network that was left. A phone between two networks makes one or two. */
    static final int TURNS = 3;

    /** Ours: flows from either network before what their clients show is compared. */
    static final int FLOWS = 3;

    /** Ours: below what makes a finding by itself. */
    static final int WEIGHT = 30;

    private static final int SIDES = 4;
    private static final int PRINTS = 4;
    private static final long MANY = Long.MIN_VALUE;
    private static final Trait[] TRAITS = Trait.values();

    private final Clock clock;
    private final Consumer<Trait> conflicts;
    private final LongAdder evicted = new LongAdder();
    private final Cache<Proof.Authentic, Use> uses;

    /** @param conflicts told of every flow that is evidence */
    public TagWatch(Clock clock, Consumer<Trait> conflicts) {
        this(clock, conflicts, MOST);
    }

    TagWatch(Clock clock, Consumer<Trait> conflicts, int most) {
        this.clock = clock;
        this.conflicts = conflicts;
        this.uses = Caffeine.newBuilder()
                .maximumSize(most)
                .expireAfterAccess(Duration.ofHours(1))
                .executor(Runnable::run)
                .evictionListener((tag, use, cause) -> {
                    if (cause == RemovalCause.SIZE) {
                        evicted.increment();
                    }
                })
                .build();
    }

    /** A flow begins; {@link #closed} follows once. */
    public Optional<Evidence> opened(Proof.Authentic tag, InetAddress from, ClientPrint print) {
        @Nullable Evidence[] found = new Evidence[1];
        uses.asMap().compute(tag, (key, before) -> {
            Use use = before == null ? new Use() : before;
            Optional<Trait> apart = use.opened(network(from), print, clock.millis());
            if (apart.isPresent()) {
                conflicts.accept(apart.get());
                found[0] = new Evidence(
                        Evidence.Family.TAG, "two-clients-by-" + apart.get().label(), use.turns, TURNS, WEIGHT, true);
            }
            return use;
        });
        return Optional.ofNullable(found[0]);
    }

    public void closed(Proof.Authentic tag, InetAddress from) {
        uses.asMap().computeIfPresent(tag, (key, use) -> {
            use.closed(network(from), clock.millis());
            return use;
        });
    }

    public long size() {
        return uses.estimatedSize();
    }

    /** How many were forgotten for want of room. */
    public long evicted() {
        return evicted.sum();
    }

    /** IPv4 by /24, IPv6 by /48: what one subscriber or site changes within is not another network. */
    private static long network(InetAddress address) {
        byte[] bytes = address.getAddress();
        long network = bytes.length;
        for (int i = 0; i < (bytes.length == 4 ? 3 : 6); i++) {
            network = network << 8 | (bytes[i] & 0xff);
        }
        return network;
    }

    /** One credential. Guarded by the table's entry. */
    private static final class Use {

        private final List<Side> sides = new ArrayList<>(1);
        private @Nullable Side last;
        private int turns;
        private long turned;

        Optional<Trait> opened(long network, ClientPrint print, long now) {
            sides.removeIf(side -> side.live == 0 && now - side.heard > WINDOW_MILLIS);
            @Nullable Side known = of(network);
            Side here = known == null ? add(network) : known;
            here.opened(print, now);
            if (here != last) {
                if (now - turned > WINDOW_MILLIS) {
                    turns = 0;
                }
                if (known != null) {
                    turns++;
                }
                turned = now;
                last = here;
            }
            if (turns < TURNS || here.flows < FLOWS) {
                return Optional.empty();
            }
            return sides.stream()
                    .filter(side -> side != here && side.live > 0 && side.flows >= FLOWS)
                    .flatMap(side -> here.apart(side).stream())
                    .findFirst();
        }

        private @Nullable Side of(long network) {
            for (Side side : sides) {
                if (side.network == network) {
                    return side;
                }
            }
            return null;
        }

        /** Most have one side and never a second. */
        private Side add(long network) {
            if (sides.size() == SIDES) {
                Side oldest = sides.get(0);
                for (Side side : sides) {
                    oldest = side.heard < oldest.heard ? side : oldest;
                }
                sides.remove(oldest);
            }
            Side side = new Side(network);
            sides.add(side);
            return side;
        }

        void closed(long network, long now) {
            for (Side side : sides) {
                if (side.network == network && side.live > 0) {
                    side.live--;
                    side.heard = now;
                }
            }
        }
    }

    /** One network a credential is used from. */
    private static final class Side {

        private final long network;
        private final long[][] prints = new long[TRAITS.length][];
        private int live;
        private int flows;
        private long heard;

        Side(long network) {
            this.network = network;
        }

        void opened(ClientPrint print, long now) {
            live++;
            flows++;
            heard = now;
            for (int i = 0; i < TRAITS.length; i++) {
                remember(i, print.of(TRAITS[i]));
            }
        }

        private void remember(int trait, long value) {
            if (value == 0) {
                return;
            }
            long[] seen = prints[trait];
            if (seen == null) {
                seen = new long[PRINTS];
                prints[trait] = seen;
            }
            for (int i = 0; i < seen.length; i++) {
                if (seen[i] == value || seen[i] == MANY) {
                    return;
                }
                if (seen[i] == 0) {
                    seen[i] = value;
                    return;
                }
            }
            // A client of so many faces cannot be told from another.
            prints[trait] = new long[] {MANY};
        }

        /**
         * By what the clients here and there are two; empty when they may be one. A certificate decides alone where both
         * show one; else all that both show must differ.
         */
        Optional<Trait> apart(Side other) {
            Optional<Trait> first = Optional.empty();
            for (int i = 0; i < TRAITS.length; i++) {
                long[] here = prints[i];
                long[] there = other.prints[i];
                if (here != null && there != null) {
                    if (shared(here, there)) {
                        return Optional.empty();
                    }
                    if (TRAITS[i] == Trait.CERTIFICATE) {
                        return Optional.of(Trait.CERTIFICATE);
                    }
                    first = first.isPresent() ? first : Optional.of(TRAITS[i]);
                }
            }
            return first;
        }

        private static boolean shared(long[] here, long[] there) {
            if (here[0] == MANY || there[0] == MANY) {
                return true;
            }
            for (long value : here) {
                for (long another : there) {
                    if (value != 0 && value == another) {
                        return true;
                    }
                }
            }
            return false;
        }
    }
}
