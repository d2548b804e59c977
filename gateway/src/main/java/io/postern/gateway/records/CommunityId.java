package io.postern.gateway.records;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * Community ID version 1 with seed 0 (Corelight's specification): the same text for a flow in every tool that saw it.
 *
 * <pre>
 * "1:" base64(SHA-1(seed16 | lower address | higher address | protocol8 | 0 | lower's port16 | higher's port16))
 * </pre>
 *
 * Lower is by the bytes of the address, then by port, so both directions give one id. Keeps its digest: not for
 * several threads.
 */
final class CommunityId {
    private static final int LONGEST = 2 + 16 + 16 + 1 + 1 + 2 + 2;

    private final MessageDigest sha1;

    CommunityId() {
        try {
            sha1 = MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }

    /** Empty when the ends are of different families, as on either side of a proxy: then no wire has such a flow. */
    Optional<String> of(Transport transport, InetAddress client, int clientPort, InetAddress server, int serverPort) {
        byte[] from = client.getAddress();
        byte[] to = server.getAddress();
        if (from.length != to.length) {
            return Optional.empty();
        }
        int order = Arrays.compareUnsigned(from, to);
        boolean ordered = order < 0 || (order == 0 && clientPort <= serverPort);
        ByteBuffer tuple = ByteBuffer.allocate(LONGEST)
                .putShort((short) 0)
                .put(ordered ? from : to)
                .put(ordered ? to : from)
                .put((byte) transport.number())
                .put((byte) 0)
                .putShort((short) (ordered ? clientPort : serverPort))
                .putShort((short) (ordered ? serverPort : clientPort))
                .flip();
        sha1.update(tuple);
        return Optional.of("1:" + Base64.getEncoder().encodeToString(sha1.digest()));
    }
}
