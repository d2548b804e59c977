package io.postern.wire.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wire.Parse;
import io.postern.wire.datagram.DatagramContract;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Frames made apart from this code, with Python's struct and zlib.crc32, after PCAPdroid's {@code pcap_dump.h}. */
class OwnedPacketParserTest {

    private static final String SYN =
            "00000000000000000000000008004500002800014000400600000ad7ad01c63364079c4001bb00000001000000005002ffff000000000000010720210000278b41636d65204d61696c000000000000000000000023ecc1e3";

    static final String UDP =
            "00000000000000000000000008004500001f00014000401100000ad7ad01c63364079c410035000b0000616263000000010720210000278c41206c6162656c20746861742069732063757420c80937d3";

    /** IPv6, of an unknown app, on a machine of the other byte order. */
    private static final String SYN_IPV6 =
            "00000000000000000000000086dd6000000000140640fd000002fd000001fd000001fd00000120010db80000000000000000000000079c4001bb00000001000000005002ffff00000000000001072021ffffffff000000000000000000000000000000000000000044408b9b";

    @Test
    void readsAConnectionsBeginning() throws UnknownHostException {
        check(
                SYN,
                new OwnedPacket(
                        10_123,
                        "Acme Mail",
                        false,
                        InetAddress.getByName("10.215.173.1"),
                        40_000,
                        InetAddress.getByName("198.51.100.7"),
                        443,
                        true));
        check(
                SYN_IPV6,
                new OwnedPacket(
                        -1,
                        "",
                        false,
                        InetAddress.getByName("fd00:2:fd00:1:fd00:1:fd00:1"),
                        40_000,
                        InetAddress.getByName("2001:db8::7"),
                        443,
                        true));
    }

    @Test
    void readsDatagrams() throws UnknownHostException {
        check(
                UDP,
                new OwnedPacket(
                        10_124,
                        "A label that is cut ",
                        true,
                        InetAddress.getByName("10.215.173.1"),
                        40_001,
                        InetAddress.getByName("198.51.100.7"),
                        53,
                        false));
    }

    /** Bytes of an app's own that look like a trailer must not speak for another app. */
    @Test
    void whatTheCheckDoesNotFitIsNotThis() {
        byte[] frame = HexFormat.of().parseHex(SYN);
        for (int at = 0; at < frame.length; at++) {
            byte[] changed = frame.clone();
            changed[at] ^= 1;
            assertThat(new OwnedPacketParser().parse(ByteBuffer.wrap(changed)))
                    .as("byte %s", at)
                    .isEqualTo(new Parse.NotThis<>());
        }
        assertThat(new OwnedPacketParser().parse(ByteBuffer.wrap(Arrays.copyOf(frame, frame.length - 32))))
                .isEqualTo(new Parse.NotThis<>());
    }

    private static void check(String frame, OwnedPacket packet) {
        byte[] bytes = HexFormat.of().parseHex(frame);
        DatagramContract.check(new OwnedPacketParser(), bytes, new Parse.Done<>(packet, bytes.length));
    }
}
