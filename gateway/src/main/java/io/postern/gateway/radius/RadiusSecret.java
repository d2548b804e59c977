package io.postern.gateway.radius;

import io.postern.wire.radius.RadiusAttribute;
import io.postern.wire.radius.RadiusPacket;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What two ends share, and what it proves of a packet.
 *
 * <pre>
 * Request Authenticator  = MD5(code, id, length, 16 zeros, attributes, secret)                  RFC 2866 section 3
 * Response Authenticator = MD5(code, id, length, Request Authenticator, attributes, secret)     RFC 2866 section 3
 * Message-Authenticator  = HMAC-MD5(secret, the packet with zeros in its place)                 RFC 3579 section 3.2
 * </pre>
 *
 * Under a Message-Authenticator the packet's authenticator is zero in an Accounting-Request, its own in a Status-Server
 * (RFC 5997 section 3), the request's in an answer. Comparisons take the same time whatever differs.
 */
final class RadiusSecret {

    private static final int AUTHENTICATOR = 4;
    private static final int MD5_BYTES = 16;
    private static final int MARK = 2 + MD5_BYTES;
    private static final byte[] ZEROS = new byte[MD5_BYTES];

    private final byte[] secret;

    RadiusSecret(byte[] secret) {
        this.secret = secret.clone();
    }

    /** Whether an Accounting-Request's authenticator is right. */
    boolean authentic(byte[] datagram, RadiusPacket packet) {
        byte[] shown = Arrays.copyOfRange(datagram, AUTHENTICATOR, RadiusPacket.HEADER);
        byte[] bytes = Arrays.copyOf(datagram, packet.length());
        System.arraycopy(ZEROS, 0, bytes, AUTHENTICATOR, MD5_BYTES);
        return MessageDigest.isEqual(shown, md5(bytes));
    }

    /** Whether its Message-Authenticator is right; empty when it has none. Two, or one of another size, are not right. */
    Optional<Boolean> marked(byte[] datagram, RadiusPacket packet) {
        List<RadiusAttribute> marks =
                packet.all(RadiusAttribute.MESSAGE_AUTHENTICATOR).toList();
        if (marks.isEmpty()) {
            return Optional.empty();
        }
        RadiusAttribute mark = marks.get(0);
        if (marks.size() > 1 || mark.value().length() != MD5_BYTES) {
            return Optional.of(false);
        }
        byte[] bytes = Arrays.copyOf(datagram, packet.length());
        System.arraycopy(ZEROS, 0, bytes, mark.at(), MD5_BYTES);
        if (packet.code() == RadiusPacket.ACCOUNTING_REQUEST) {
            System.arraycopy(ZEROS, 0, bytes, AUTHENTICATOR, MD5_BYTES);
        }
        return Optional.of(MessageDigest.isEqual(mark.bytes(), hmac(bytes)));
    }

    /**
     * The Accounting-Response to a request, with the Proxy-State it had (RFC 2865 section 5.33). It is marked for a
     * Status-Server; for an Accounting-Request RFC 2866 does not know a mark, and its authenticator proves as much.
     */
    byte[] answer(byte[] datagram, RadiusPacket request) {
        boolean marked = request.code() == RadiusPacket.STATUS_SERVER;
        List<RadiusAttribute> states = request.all(RadiusAttribute.PROXY_STATE).toList();
        int length = RadiusPacket.HEADER
                + (marked ? MARK : 0)
                + states.stream().mapToInt(state -> 2 + state.value().length()).sum();
        ByteBuffer answer = ByteBuffer.allocate(length)
                .put((byte) RadiusPacket.ACCOUNTING_RESPONSE)
                .put((byte) request.identifier())
                .putShort((short) length)
                .put(datagram, AUTHENTICATOR, MD5_BYTES);
        if (marked) {
            answer.put((byte) RadiusAttribute.MESSAGE_AUTHENTICATOR)
                    .put((byte) MARK)
                    .put(ZEROS);
        }
        states.forEach(state -> answer.put((byte) RadiusAttribute.PROXY_STATE)
                .put((byte) (2 + state.value().length()))
                .put(state.bytes()));
        byte[] bytes = answer.array();
        if (marked) {
            System.arraycopy(hmac(bytes), 0, bytes, RadiusPacket.HEADER + 2, MD5_BYTES);
        }
        System.arraycopy(md5(bytes), 0, bytes, AUTHENTICATOR, MD5_BYTES);
        return bytes;
    }

    private byte[] md5(byte[] packet) {
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            md5.update(packet);
            return md5.digest(secret);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] hmac(byte[] packet) {
        try {
            Mac mac = Mac.getInstance("HmacMD5");
            mac.init(new SecretKeySpec(secret, "HmacMD5"));
            return mac.doFinal(packet);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
