package io.postern.gateway.ingress;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.Future;
import io.postern.gateway.flows.Destination;
import io.postern.gateway.flows.LastWord;
import io.postern.gateway.flows.Refusal;
import io.postern.wire.Parse;
import io.postern.wire.http.Authority;
import io.postern.wire.http.HeadReader;
import io.postern.wire.http.HttpLimits;
import io.postern.wire.http.RequestHead;
import io.postern.wire.http.RequestHeadParser;
import io.postern.wire.http.RequestTarget;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Answers plain HTTP in place of an origin, for clients in quarantine that do not know of the gateway and whose connection was
 * accepted before them: one request, then the end. What is no request is reset, as everything else is.
 *
 * <p>A check of connectivity gets its 204, so that Android does not take the network for broken, or for one to sign in to,
 * and leave it.
 */
public final class Contained {

    /** Of plain HTTP. */
    public static final int PORT = 80;

    /** Whether plain HTTP to a host that only its request names may go there. */
    static boolean mayAsk(Destination destination) {
        return destination.port() == PORT && destination.address().isPresent();
    }

    private static final Set<String> HOSTS = Set.of(
            "connectivitycheck.gstatic.com",
            "connectivitycheck.android.com",
            "www.gstatic.com",
            "www.google.com",
            "clients3.google.com",
            "play.googleapis.com");

    private static final Set<String> PATHS = Set.of("/generate_204", "/gen_204");
    private static final HttpLimits LIMITS = new HttpLimits(2 * 1024, 8 * 1024, 100, 256, 64);
    private static final RequestHeadParser HEADS = new RequestHeadParser(LIMITS);
    private static final long PATIENCE_SECONDS = 10;

    private final Channel client;
    private final String reason;
    private final String flow;
    private final HeadReader<RequestHead> head = new HeadReader<>(HEADS, LIMITS.head());
    private final Future<?> late;
    private @Nullable ByteBuf held;
    private boolean done;

    /**
     * Call on the client's loop.
     *
     * @param reason for the page
     * @param flow its id
     */
    public Contained(Channel client, String reason, String flow) {
        this.client = client;
        this.reason = reason;
        this.flow = flow;
        client.config().setAutoRead(true);
        late = client.eventLoop().schedule(this::over, PATIENCE_SECONDS, TimeUnit.SECONDS);
        client.closeFuture().addListener(closed -> over());
    }

    /** @param bytes owned by this method */
    public void received(ByteBuf bytes) {
        if (done) {
            bytes.release();
            return;
        }
        ByteBuf all = held == null ? bytes : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(client.alloc(), held, bytes);
        held = all;
        Parse<RequestHead> parse = head.read(all.nioBuffer());
        if (parse instanceof Parse.Done<RequestHead> whole) {
            letGo();
            Farewell.say(client, asks(whole.value()) ? present() : HttpReplies.refused(Refusal.DENIED, reason, flow));
        } else if (!(parse instanceof Parse.NeedMore<RequestHead>)) {
            over();
        }
    }

    private void over() {
        if (!done) {
            letGo();
            LastWord.reset(client);
        }
    }

    private void letGo() {
        done = true;
        late.cancel(false);
        if (held != null) {
            held.release();
            held = null;
        }
    }

    /** Whether it asks a host that is there for it whether there is a way to the world. */
    public static boolean asks(RequestHead head) {
        if (!head.method().equals("GET") && !head.method().equals("HEAD")) {
            return false;
        }
        RequestTarget target = RequestTarget.of(head.method(), head.target());
        if (target instanceof RequestTarget.Absolute absolute) {
            return asks(Optional.of(absolute.authority()), absolute.origin());
        }
        return target instanceof RequestTarget.Origin origin
                && asks(head.field("host").flatMap(Authority::parse), origin.origin());
    }

    /** The same of the first bytes of a stream. */
    public static boolean asks(ByteBuffer bytes) {
        return HEADS.parse(bytes) instanceof Parse.Done<RequestHead> whole && asks(whole.value());
    }

    private static boolean asks(Optional<Authority> authority, String path) {
        return PATHS.contains(path)
                && authority
                        .filter(to -> to.port().orElse(PORT) == PORT)
                        .filter(to -> HOSTS.contains(to.host().toLowerCase(Locale.ROOT)))
                        .isPresent();
    }

    /** There is a way, says the gateway itself. */
    public static ByteBuf present() {
        return Unpooled.wrappedBuffer(HttpReplies.noContent());
    }
}
