package io.postern.tls.quic;

import io.postern.tls.watch.Side;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The ciphers and digests Initials are opened with, and their buffers: about 10 KiB, dear to make and without memory of
 * any session. Not thread-safe: one per thread, for all watches of that thread.
 */
public final class InitialCipher {

    private static final int KEY = 16;
    private static final int IV = 12;
    private static final int SECRET = 32;
    private static final int TAG_BITS = 128;
    private static final int SAMPLE = 16;
    private static final int LONGEST_NUMBER = 4;
    private static final int LONG_PROTECTED = 0x0F;

    private static final byte[] CLIENT = label("client in", SECRET);
    private static final byte[] SERVER = label("server in", SECRET);
    private static final Labels FIRST = new Labels("quic");
    /** RFC 9369 section 3.3.2. */
    private static final Labels SECOND = new Labels("quicv2");

    private static final class Labels {

        final byte[] key;
        final byte[] iv;
        final byte[] header;

        Labels(String version) {
            key = label(version + " key", KEY);
            iv = label(version + " iv", IV);
            header = label(version + " hp", KEY);
        }
    }

    private final Mac hmac;
    private final Cipher aes;
    private final Cipher gcm;
    private final byte[] mask = new byte[KEY];
    private final byte[] nonce = new byte[IV];
    private byte[] packet = new byte[2048];
    private byte[] plain = new byte[2048];

    public InitialCipher() {
        try {
            hmac = Mac.getInstance("HmacSHA256");
            aes = Cipher.getInstance("AES/ECB/NoPadding");
            gcm = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every Java platform has AES and HMAC-SHA-256", missing);
        }
    }

    /** The keys of one side, from the destination id of the client's first packet (RFC 9001 section 5.2). */
    InitialKeys keys(int version, byte[] destination, Side side) {
        Labels labels = QuicVersions.second(version) ? SECOND : FIRST;
        byte[] initial = hmac(QuicVersions.salt(version), destination);
        byte[] secret = hmac(initial, side == Side.CLIENT ? CLIENT : SERVER);
        init(secret);
        return new InitialKeys(
                Arrays.copyOf(hmac.doFinal(labels.key), KEY),
                Arrays.copyOf(hmac.doFinal(labels.iv), IV),
                Arrays.copyOf(hmac.doFinal(labels.header), KEY));
    }

    /**
     * The frames of an Initial, good until the next call; empty when these are not its keys.
     *
     * @param header of an Initial in this datagram
     */
    ByteBuffer open(InitialKeys keys, ByteBuffer datagram, LongHeader header) {
        int length = header.end() - header.start();
        int number = header.rest() - header.start();
        if (length < number + LONGEST_NUMBER + SAMPLE) {
            return ByteBuffer.allocate(0);
        }
        if (packet.length < length) {
            packet = new byte[length];
            plain = new byte[length];
        }
        datagram.get(header.start(), packet, 0, length);
        try {
            int numberLength = unprotect(keys, number);
            int from = number + numberLength;
            gcm.init(
                    Cipher.DECRYPT_MODE,
                    key(keys.key()),
                    new GCMParameterSpec(TAG_BITS, nonce(keys, number, numberLength)));
            gcm.updateAAD(packet, 0, from);
            return ByteBuffer.wrap(plain, 0, gcm.doFinal(packet, from, length - from, plain, 0));
        } catch (AEADBadTagException otherKeys) {
            return ByteBuffer.allocate(0);
        } catch (GeneralSecurityException ours) {
            throw new IllegalStateException("AES-128-GCM opens any packet or says it cannot", ours);
        }
    }

    /** Takes header protection off (RFC 9001 section 5.4.1); the packet number's length. */
    private int unprotect(InitialKeys keys, int number) throws GeneralSecurityException {
        aes.init(Cipher.ENCRYPT_MODE, key(keys.header()));
        aes.doFinal(packet, number + LONGEST_NUMBER, SAMPLE, mask, 0);
        packet[0] ^= (byte) (mask[0] & LONG_PROTECTED);
        int length = (packet[0] & 3) + 1;
        for (int i = 0; i < length; i++) {
            packet[number + i] ^= mask[1 + i];
        }
        return length;
    }

    /** Initials are so few that their number is sent whole. */
    private byte[] nonce(InitialKeys keys, int number, int length) {
        System.arraycopy(keys.iv(), 0, nonce, 0, IV);
        for (int i = 0; i < length; i++) {
            nonce[IV - length + i] ^= packet[number + i];
        }
        return nonce;
    }

    private byte[] hmac(byte[] secret, byte[] data) {
        init(secret);
        return hmac.doFinal(data);
    }

    private void init(byte[] secret) {
        try {
            hmac.init(new SecretKeySpec(secret, "HmacSHA256"));
        } catch (GeneralSecurityException ours) {
            throw new IllegalStateException("HMAC takes any key", ours);
        }
    }

    private static SecretKeySpec key(byte[] key) {
        return new SecretKeySpec(key, "AES");
    }

    /** HkdfLabel of RFC 8446 section 7.1 without context, and the counter of HKDF's first block (RFC 5869 section 2.3). */
    private static byte[] label(String name, int length) {
        byte[] text = ("tls13 " + name).getBytes(StandardCharsets.US_ASCII);
        ByteBuffer label = ByteBuffer.allocate(text.length + 5);
        label.putShort((short) length)
                .put((byte) text.length)
                .put(text)
                .put((byte) 0)
                .put((byte) 1);
        return label.array();
    }
}
