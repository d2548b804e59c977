package io.postern.wire.protocol;

import io.postern.wire.Magic;
import io.postern.wire.Parse;
import io.postern.wire.Parser;
import java.nio.ByteBuffer;

/**
 * Recognises Google's push service (MCS, behind FCM; hosts {@code mtalk.google.com}) where no TLS hides it, by the login
 * of Chromium's {@code google_apis/gcm/protocol/mcs.proto}. Inside TLS, as phones speak it, its name is all there is.
 *
 * <pre>
 * client  version | 02 | size | 0a length id | 12 0f "mcs.android.com" | …
 * server  version | 03 | size | 0a length id | fields 2 to 8, the time of field 8 among them
 * </pre>
 *
 * Never answers {@link Parse.Malformed}.
 */
public final class MtalkParser implements Parser<MtalkLogin> {

    /** kMCSVersion was 38 before it was 41; room for its neighbours. */
    private static final int FIRST_VERSION = 38;

    private static final int LAST_VERSION = 45;
    private static final int LOGIN_REQUEST = 2;
    private static final int LOGIN_RESPONSE = 3;
    private static final int LONGEST_RESPONSE = 2048;
    private static final Magic DOMAIN = Magic.of("\22\17mcs.android.com");

    private static final int ID = 0x0A;
    private static final int TIME = 0x40;
    private static final int LAST_FIELD = 8;

    @Override
    public Parse<MtalkLogin> parse(ByteBuffer bytes) {
        int at = bytes.position();
        int shown = bytes.remaining();
        if (shown > 0 && (bytes.get(at) < FIRST_VERSION || bytes.get(at) > LAST_VERSION)) {
            return Parse.notThis();
        }
        if (shown > 1 && bytes.get(at + 1) != LOGIN_REQUEST && bytes.get(at + 1) != LOGIN_RESPONSE) {
            return Parse.notThis();
        }
        if (shown < 3) {
            return new Parse.NeedMore<>(shown + 1);
        }
        Varints size = new Varints(bytes, at + 2, bytes.limit());
        int length = size.next();
        if (length < 0) {
            return size.ranShort() && shown < 6 ? new Parse.NeedMore<>(shown + 1) : Parse.notThis();
        }
        return bytes.get(at + 1) == LOGIN_REQUEST ? request(bytes, size.at()) : response(bytes, size.at(), length);
    }

    private static Parse<MtalkLogin> request(ByteBuffer bytes, int from) {
        int shown = bytes.limit() - from;
        if (shown > 0 && bytes.get(from) != ID) {
            return Parse.notThis();
        }
        int id = shown > 1 ? bytes.get(from + 1) : 1;
        if (id < 1 || !text(bytes, from + 2, Math.min(bytes.limit(), from + 2 + id))) {
            return Parse.notThis();
        }
        int domain = from + 2 + id;
        if (domain < bytes.limit() && !DOMAIN.mayStand(bytes, domain)) {
            return Parse.notThis();
        }
        int total = domain + DOMAIN.length() - bytes.position();
        return bytes.remaining() < total
                ? new Parse.NeedMore<>(total)
                : new Parse.Done<>(new MtalkLogin(bytes.get(bytes.position()), true), total);
    }

    private static Parse<MtalkLogin> response(ByteBuffer bytes, int from, int length) {
        int total = from + length - bytes.position();
        int shown = bytes.limit() - from;
        boolean may = length > 4
                && length <= LONGEST_RESPONSE
                && (shown < 1 || bytes.get(from) == ID)
                && (shown < 2 || bytes.get(from + 1) >= 1);
        if (!may) {
            return Parse.notThis();
        }
        if (bytes.remaining() < total) {
            return new Parse.NeedMore<>(total);
        }
        return sound(bytes, from, from + length)
                ? new Parse.Done<>(new MtalkLogin(bytes.get(bytes.position()), false), total)
                : Parse.notThis();
    }

    /** Fields 1 to 8 in their order and of their types, to the last byte. */
    private static boolean sound(ByteBuffer bytes, int from, int end) {
        Varints fields = new Varints(bytes, from, end);
        int last = 0;
        boolean time = false;
        while (fields.at() < end) {
            int key = fields.next();
            int field = key >> 3;
            boolean number = field == 5 || field == 6 || field == LAST_FIELD;
            if (field < Math.max(1, last) || field > LAST_FIELD || (key & 7) != (number ? 0 : 2)) {
                return false;
            }
            if (number) {
                fields.skipNumber();
            } else {
                int length = fields.next();
                boolean fits = length >= 0 && length <= end - fields.at();
                if (!fits || (field == 1 && !text(bytes, fields.at(), fields.at() + length))) {
                    return false;
                }
                fields.skip(length);
            }
            time |= key == TIME;
            last = field;
        }
        return time && !fields.ranShort();
    }

    private static boolean text(ByteBuffer bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes.get(i) < ' ' || bytes.get(i) > '~') {
                return false;
            }
        }
        return true;
    }
}
