package io.postern.wire.proxy;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** PROXY v2 headers of the tests, written from their parts. */
final class Headers {

    static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    /** 198.51.100.7:4660 to 192.0.2.1:443. */
    static final String IPV4 = "c6336407 c0000201 1234 01bb";
    /** [2001:db8::7]:4660 to [2001:db8::1]:443. */
    static final String IPV6 = "20010db8000000000000000000000007 20010db8000000000000000000000001 1234 01bb";

    private Headers() {}

    /** @param block addresses and fields, in hex */
    static byte[] header(String command, String family, String block) {
        byte[] rest = hex(block);
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        header.writeBytes(hex(SIGNATURE + command + family));
        header.write(rest.length >> 8);
        header.write(rest.length);
        header.writeBytes(rest);
        return header.toByteArray();
    }

    static byte[] tcp4(String fields) {
        return header("21", "11", IPV4 + fields);
    }

    /** The checksum goes where the zeros of its field are. */
    static byte[] checked(byte[] header, int at) {
        CRC32C crc = new CRC32C();
        crc.update(header);
        for (int i = 0; i < 4; i++) {
            header[at + i] = (byte) (crc.getValue() >> (24 - 8 * i));
        }
        return header;
    }

    static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
