package io.postern.tls.dtls;

import io.postern.tls.watch.Budget;
import io.postern.tls.watch.Pieces;
import io.postern.wire.ByteCursor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The handshake messages of one side, put together from their fragments.
 *
 * <pre>
 * type8 | length24 | message_seq16 | fragment_offset24 | fragment_length24 | fragment
 * </pre>
 *
 * <p>RFC 6347 section 4.2.2. A message is told once, however often it is sent, unless all are wanted: an end that keeps
 * no state yet goes by any of the hellos that have the same number. A few may be under way at once; an older one gives way.
 */
final class Fragments {

    static final String FRAGMENT = "fragment outside its message or record, RFC 6347 section 4.2.3";
    static final String TOO_LONG = "handshake message longer than the limit, RFC 6347 section 4.2.2";
    static final String TOO_SCATTERED = "handshake message with more holes than the limit, RFC 6347 section 4.2.3";
    static final String NO_ROOM = "no room for a handshake message";

    /** Whom the messages are for. */
    interface Reader {

        /** A whole one; the cursor is good inside the call. */
        void message(int type, ByteCursor body);

        void fault(String rule);
    }

    private static final int HEADER = 12;
    /** A server's hello and certificate may be cut and mixed; nobody has three wanted messages under way. */
    private static final int MOST_AT_ONCE = 3;

    private record Message(int number, int type, int length, Pieces pieces) {}

    private final Budget budget;
    private final int longest;
    private final IntPredicate wanted;
    private final boolean all;
    private final Reader reader;
    private final List<Message> under = new ArrayList<>(MOST_AT_ONCE);

    /** One bit for each message told; handshakes have about ten. */
    private long told;

    /** @param all whether a message is told each time it has come */
    Fragments(Budget budget, int longest, IntPredicate wanted, boolean all, Reader reader) {
        this.budget = budget;
        this.longest = longest;
        this.wanted = wanted;
        this.all = all;
        this.reader = reader;
    }

    void record(ByteBuffer datagram, int from, int length) {
        ByteCursor record = ByteCursor.over(datagram, from, length);
        while (!record.isEmpty()) {
            int type = record.u8();
            int whole = record.u24();
            int number = record.u16();
            int offset = record.u24();
            int part = record.u24();
            int at = from + length - record.remaining();
            record.skip(part);
            if (record.ranShort() || offset + part > whole) {
                reader.fault(FRAGMENT);
                return;
            }
            if (wanted.test(type) && number < Long.SIZE && (all || (told >> number & 1) == 0)) {
                fragment(datagram, new Message(number, type, whole, new Pieces(budget, longest)), offset, at, part);
            }
        }
    }

    int held() {
        return under.stream().mapToInt(message -> message.pieces().held()).sum();
    }

    void clear() {
        under.forEach(message -> message.pieces().clear());
        under.clear();
    }

    private void fragment(ByteBuffer datagram, Message message, int offset, int at, int part) {
        if (message.length() + HEADER > longest) {
            reader.fault(TOO_LONG);
            return;
        }
        if (part == message.length()) {
            tell(message, ByteCursor.over(datagram, at, part));
            return;
        }
        Message begun = begun(message);
        String fault = fault(begun.pieces().put(offset, datagram, at, part));
        if (fault != null) {
            reader.fault(fault);
        } else if (begun.pieces().ready() >= begun.length()) {
            tell(begun, ByteCursor.over(begun.pieces().view(), 0, begun.length()));
        }
    }

    private static @Nullable String fault(Pieces.Put put) {
        return switch (put) {
            case TAKEN -> null;
            case TOO_LONG -> TOO_LONG;
            case TOO_SCATTERED -> TOO_SCATTERED;
            case NO_ROOM -> NO_ROOM;
        };
    }

    /** The one under way with this number, unless its header said otherwise; then, and if there is none, this one. */
    private Message begun(Message message) {
        for (Message each : under) {
            if (each.number() == message.number()) {
                if (each.type() == message.type() && each.length() == message.length()) {
                    return each;
                }
                drop(each);
                break;
            }
        }
        if (under.size() == MOST_AT_ONCE) {
            drop(under.get(0));
        }
        under.add(message);
        return message;
    }

    private void tell(Message message, ByteCursor body) {
        told |= 1L << message.number();
        reader.message(message.type(), body);
        under.removeIf(each -> {
            boolean same = each.number() == message.number();
            if (same) {
                each.pieces().clear();
            }
            return same;
        });
    }

    private void drop(Message message) {
        message.pieces().clear();
        under.remove(message);
    }
}
