package io.postern.gateway.e2e;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/** A ClientHello as the JDK says it. */
final class TestingHello {

    /** Of one record, RFC 8446 section 5.1. */
    private static final int MOST = 1 << 14;

    private TestingHello() {}

    static byte[] bytes(String name) throws GeneralSecurityException, SSLException {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine(name, 443);
        engine.setUseClientMode(true);
        ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), hello);
        return Arrays.copyOf(hello.array(), hello.position());
    }

    /**
     * Records of a hello of so many bytes, extensions of no meaning; good until its last byte.
     *
     * <pre>
     * record:    16 | 03 01 | length | fragment      RFC 8446 section 5.1
     * handshake: 01 | length24 | ClientHello         RFC 8446 section 4
     * </pre>
     */
    static byte[] large(int body) {
        ByteBuffer hello = ByteBuffer.allocate(4 + body);
        hello.put((byte) 1).put((byte) (body >> 16)).putShort((short) body);
        hello.putShort((short) 0x0303).put(new byte[32]).put((byte) 0);
        hello.putShort((short) 2).putShort((short) 0x1301).put((byte) 1).put((byte) 0);
        hello.putShort((short) (hello.remaining() - 2));
        // One extension of padding, RFC 7685.
        hello.putShort((short) 21).putShort((short) (hello.remaining() - 2));
        ByteBuffer records = ByteBuffer.allocate(4 + body + 5 * (1 + (4 + body) / MOST));
        for (int at = 0; at < hello.capacity(); at += MOST) {
            int length = Math.min(MOST, hello.capacity() - at);
            records.put((byte) 22)
                    .putShort((short) 0x0301)
                    .putShort((short) length)
                    .put(hello.array(), at, length);
        }
        return Arrays.copyOf(records.array(), records.position());
    }
}
