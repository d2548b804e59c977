package io.postern.gateway.e2e;

import io.postern.gateway.identity.CompactTag;
import io.postern.wire.ip.HostText;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** PROXY v2 headers as a concentrator writes them, one char per byte. */
final class TestingProxy {

    static final String SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";
    /** Whom the concentrator speaks for. */
    static final String SOURCE = "198.51.100.7";

    static final int SOURCE_PORT = 4660;

    private TestingProxy() {}

    /** A setting: one listener named {@code apps} that believes loopback. */
    static String listener(String more) {
        return "listeners: [{name: apps, type: proxy-protocol, bind: '127.0.0.1:0', trusted-sources: ['127.0.0.0/8']"
                + more + "}]\n";
    }

    /** @param target {@code host:port}, an IPv4 address */
    static String header(String target, String fields) {
        int colon = target.lastIndexOf(':');
        int port = Integer.parseInt(target.substring(colon + 1));
        return raw(
                "!\u0011", octets(SOURCE) + octets(target.substring(0, colon)) + u16(SOURCE_PORT) + u16(port) + fields);
    }

    /** @param kind command, family and transport */
    static String raw(String kind, String block) {
        return SIGNATURE + kind + u16(block.length()) + block;
    }

    /** With a checksum as its last field, right or wrong. */
    static String checked(String target, String fields, boolean right) {
        String header = header(target, fields + field(0x03, "\0\0\0\0"));
        CRC32C crc = new CRC32C();
        crc.update(header.getBytes(StandardCharsets.ISO_8859_1));
        long sum = crc.getValue() ^ (right ? 0 : 1);
        return header.substring(0, header.length() - 4) + u16((int) (sum >> 16)) + u16((int) sum & 0xFFFF);
    }

    static String field(int type, String value) {
        return (char) type + u16(value.length()) + value;
    }

    /** Device, package and profile in the numbers of the default. */
    static String says(String device, String app, String profile) {
        return field(0xE1, device) + field(0xE2, app) + field(0xE4, profile);
    }

    static String tag(CompactTag tag) {
        return field(0xE5, tag.user() + ":" + tag.password());
    }

    static String octets(String address) {
        return new String(
                ((HostText.Literal) HostText.of(address)).address().getAddress(), StandardCharsets.ISO_8859_1);
    }

    static String u16(int number) {
        return "" + (char) (number >> 8 & 0xFF) + (char) (number & 0xFF);
    }

    /** What is written as hex. */
    static String hex(String hex) {
        return new String(HexFormat.of().parseHex(hex.replace(" ", "")), StandardCharsets.ISO_8859_1);
    }
}
