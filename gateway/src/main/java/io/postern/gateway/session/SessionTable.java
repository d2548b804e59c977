package io.postern.gateway.session;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.postern.gateway.flows.Breakage;
import io.postern.gateway.flows.Destination;
import io.postern.gateway.flows.Flows;
import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.identity.Identity;
import io.postern.gateway.ingress.Caller;
import io.postern.gateway.ingress.ClientError;
import io.postern.gateway.ingress.Entrance;
import io.postern.gateway.ingress.OverloadAction;
import io.postern.gateway.records.CloseReason;
import io.postern.gateway.records.Transport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of one loop and one way in: finds a datagram's, or begins it. Touched only by its loop.
 *
 * @param <K> what tells sessions apart
 */
final class SessionTable<K> {

    /** What failed for another reason than policy's is tried again, but not with each datagram. */
    private static final long NEXT_TRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** What a session begins with. */
    record Beginning(Caller caller, Destination destination, Client client) {}

    private final Sessions sessions;
    private final Entrance entrance;
    private final EventLoop loop;
    private final Map<K, Session<K>> live = new HashMap<>();
    /** The oldest is forgotten first, and its session judged once more. */
    private final Map<K, Refused> refused = new LinkedHashMap<>();

    private final int mostRefused;
    private final List<Session<K>> unflushed = new ArrayList<>();

    /**
     * A session that is not begun anew for a while.
     *
     * @param asked once something else holds they are asked at once
     */
    private record Refused(long until, Asked asked) {}

    /**
     * Whose session it is.
     *
     * @param standing what held before anybody was asked
     */
    record Asked(String device, Object standing) {}

    /** @param mostRefused sessions that are remembered */
    SessionTable(Sessions sessions, Entrance entrance, EventLoop loop, int mostRefused) {
        this.mostRefused = mostRefused;
        this.sessions = sessions;
        this.entrance = entrance;
        this.loop = loop;
    }

    Sessions sessions() {
        return sessions;
    }

    EventLoop loop() {
        return loop;
    }

    boolean isEmpty() {
        return live.isEmpty();
    }

    /**
     * A client sent this.
     *
     * @param datagram only looked at
     * @param beginning asked when there is no such session yet
     */
    void received(K key, ByteBuf datagram, Function<K, Beginning> beginning) {
        Session<K> session = live.get(key);
        try {
            session = session == null ? begin(key, beginning) : session;
        } catch (RuntimeException fault) {
            DatagramDrop.of(fault).ifPresent(sessions::dropped);
        }
        try {
            if (session != null) {
                session.clientSent(datagram);
            }
        } catch (RuntimeException fault) {
            session.end(Breakage.reason(fault, CloseReason.ERROR));
        }
    }

    private @Nullable Session<K> begin(K key, Function<K, Beginning> beginning) {
        Refused before = refused.get(key);
        if (before != null && before.until() - now() > 0 && stillHolds(before.asked())) {
            sessions.dropped(DatagramDrop.FORBIDDEN);
            return null;
        }
        if (!sessions.enter()) {
            entrance.events().overloaded(OverloadAction.REFUSE_FLOW);
            sessions.dropped(DatagramDrop.CROWDED);
            return null;
        }
        Session<K> session = null;
        try {
            session = entered(key, beginning.apply(key));
        } finally {
            if (session == null) {
                sessions.leave();
            }
        }
        return session;
    }

    private boolean stillHolds(Asked asked) {
        return asked.standing().equals(sessions.standing(asked.device()));
    }

    private @Nullable Session<K> entered(K key, Beginning with) {
        Caller caller = with.caller();
        Optional<Identity> identity = entrance.identify(caller, with.destination());
        if (identity.isEmpty()) {
            sessions.dropped(DatagramDrop.UNAUTHENTICATED);
            entrance.events().clientError(ClientError.UNAUTHENTICATED);
            return null;
        }
        if (!sessions.mayBegin(Flows.holder(identity.get().tag(), caller.client()), now())) {
            sessions.dropped(DatagramDrop.FLOOD);
            return null;
        }
        String device = identity.get().tag().device();
        Asked asked = new Asked(device, sessions.standing(device));
        Optional<LiveFlow> flow = entrance.begin(loop, Transport.UDP, caller, with.destination(), identity.get());
        if (flow.isEmpty()) {
            sessions.dropped(DatagramDrop.CROWDED);
            return null;
        }
        Session<K> session = new Session<>(this, key, flow.get(), with.client(), asked);
        live.put(key, session);
        return session;
    }

    /** A session's flow has ended. */
    void over(K key, Session.End end, Asked asked) {
        live.remove(key);
        sessions.leave();
        if (end != Session.End.DONE) {
            long pause = end == Session.End.FORBIDDEN ? sessions.times().unanswered() : NEXT_TRY_NANOS;
            refused.remove(key);
            refused.put(key, new Refused(now() + pause, asked));
            if (refused.size() > mostRefused) {
                refused.remove(refused.keySet().iterator().next());
            }
        }
    }

    boolean mayHandshake(LiveFlow flow) {
        return sessions.mayHandshake(flow.holder(), now());
    }

    private long now() {
        return loop.ticker().nanoTime();
    }

    /** Something was written that {@link #flush} must send. */
    void wrote(Session<K> session) {
        unflushed.add(session);
    }

    /** No more datagrams for now. */
    void flush() {
        for (Session<K> session : unflushed) {
            session.flush();
        }
        unflushed.clear();
    }

    /** Ends all sessions. */
    void close(CloseReason why) {
        List.copyOf(live.values()).forEach(session -> session.end(why));
    }
}
