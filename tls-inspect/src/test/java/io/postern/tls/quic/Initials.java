package io.postern.tls.quic;

import io.postern.tls.hello.Hellos;
import io.postern.tls.watch.Side;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** QUIC packets for tests, protected as a peer would. */
public final class Initials {

    public static final byte[] ID = Hellos.hex("8394c8f03e515708");
    static final byte[] SERVER_ID = Hellos.hex("f067a5502a4262b5");

    /** The CRYPTO frame of RFC 9001 appendix A.2 and RFC 9369 appendix A.2: a hello for example.com. */
    public static final byte[] RFC_FRAME = Hellos.hex("""
            060040f1010000ed0303ebf8fa56f12939b9584a3896472ec40bb863cfd3e868
            04fe3a47f06a2b69484c00000413011302010000c000000010000e00000b6578
            616d706c652e636f6dff01000100000a00080006001d00170018001000070005
            04616c706e000500050100000000003300260024001d00209370b2c9caa47fba
            baf4559fedba753de171fa71f50f1ce15d43e994ec74d748002b000302030400
            0d0010000e0403050306030203080408050806002d00020101001c0002400100
            3900320408ffffffffffffffff05048000ffff07048000ffff08011001048000
            75300901100f088394c8f03e51570806048000ffff
            """);

    /** The payload of RFC 9001 appendix A.3: an ACK and a server's hello. */
    static final byte[] RFC_ANSWER = Hellos.hex("""
            02000000000600405a020000560303eefce7f7b37ba1d1632e96677825ddf739
            88cfc79825df566dc5430b9a045a1200130100002e00330024001d00209d3c94
            0d89690b84d08a60993c144eca684d1081287c834d5311bcf32bb9da1a002b00
            020304
            """);

    private static final int FULL = 1162;

    /** A client's first packet with these frames, padded so that the datagram has 1,200 bytes. */
    public static byte[] client(int version, byte[] id, int number, byte[] frames) {
        byte[] padded = Arrays.copyOf(frames, Math.max(frames.length, FULL));
        return seal(version, id, Side.CLIENT, new Header(version, id, new byte[0], number), padded);
    }

    /** A server's packet, by the keys of the client's id. */
    public static byte[] server(int version, byte[] id, int number, byte[] frames) {
        return seal(version, id, Side.SERVER, new Header(version, new byte[0], SERVER_ID, number), frames);
    }

    /** The same in version 1 with a fixed bit that is not. */
    static byte[] greased(byte[] id, byte[] frames) {
        Header header = new Header(QuicVersions.VERSION_1, new byte[0], SERVER_ID, 0);
        header.bytes[0] ^= 0x40;
        return seal(QuicVersions.VERSION_1, id, Side.SERVER, header, frames);
    }

    /** A CRYPTO frame with {@code length} bytes of the stream. */
    static byte[] crypto(byte[] stream, int offset, int length) {
        ByteBuffer frame = ByteBuffer.allocate(9 + length);
        frame.put((byte) 6)
                .putInt(0x80000000 | offset)
                .putInt(0x80000000 | length)
                .put(stream, offset, length);
        return frame.array();
    }

    /** The stream in CRYPTO frames of at most {@code most} bytes. */
    static List<byte[]> cryptos(byte[] stream, int most) {
        List<byte[]> frames = new ArrayList<>();
        for (int at = 0; at < stream.length; at += most) {
            frames.add(crypto(stream, at, Math.min(most, stream.length - at)));
        }
        return frames;
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(joined::writeBytes);
        return joined.toByteArray();
    }

    /** With a four-byte packet number, as in the RFCs' example of a client. */
    private static final class Header {

        final byte[] bytes;
        final int number;

        Header(int version, byte[] destination, byte[] source, int number) {
            this.number = number;
            ByteBuffer header = ByteBuffer.allocate(8 + destination.length + source.length);
            header.put((byte) (QuicVersions.second(version) ? 0xD3 : 0xC3)).putInt(version);
            header.put((byte) destination.length).put(destination);
            header.put((byte) source.length).put(source).put((byte) 0);
            bytes = header.array();
        }

        byte[] withLength(int payload) {
            int length = 4 + payload + 16;
            ByteBuffer whole = ByteBuffer.allocate(bytes.length + 6);
            return whole.put(bytes)
                    .putShort((short) (0x4000 | length))
                    .putInt(number)
                    .array();
        }
    }

    private static byte[] seal(int version, byte[] id, Side side, Header header, byte[] payload) {
        InitialKeys keys = new InitialCipher().keys(version, id, side);
        byte[] start = header.withLength(payload.length);
        byte[] nonce = keys.iv().clone();
        for (int i = 0; i < 4; i++) {
            nonce[8 + i] ^= (byte) (header.number >> (24 - 8 * i));
        }
        try {
            Cipher gcm = Cipher.getInstance("AES/GCM/NoPadding");
            gcm.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(keys.key(), "AES"), new GCMParameterSpec(128, nonce));
            gcm.updateAAD(start);
            byte[] sealed = gcm.doFinal(payload);
            Cipher aes = Cipher.getInstance("AES/ECB/NoPadding");
            aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(keys.header(), "AES"));
            byte[] mask = aes.doFinal(sealed, 0, 16);
            start[0] ^= (byte) (mask[0] & 0x0F);
            for (int i = 0; i < 4; i++) {
                start[start.length - 4 + i] ^= mask[1 + i];
            }
            return join(start, sealed);
        } catch (GeneralSecurityException ours) {
            throw new IllegalStateException(ours);
        }
    }

    private Initials() {}
}
