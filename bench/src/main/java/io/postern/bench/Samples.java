package io.postern.bench;

import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.DeviceAssurance;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** What all benchmarks ask about: the hellos of {@code bench/hello}, one device, one destination. */
final class Samples {

    static final String HOST = "bench.example.com";

    static final AppTag TAG =
            new AppTag("LC01", "work", "com.acme.field", DeviceAssurance.TAG_VERIFIED, AppAssurance.DEVICE_ASSERTED);

    private Samples() {}

    static ByteBuffer hello(String name) throws IOException {
        try (InputStream file = Samples.class.getResourceAsStream("/hello/" + name + ".bin")) {
            byte[] bytes = Objects.requireNonNull(file, name).readAllBytes();
            return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        }
    }

    /** Of the host's address, RFC 1035 section 4. */
    static ByteBuffer dnsQuery() {
        ByteBuffer query = ByteBuffer.allocateDirect(512);
        query.putShort((short) 0x1C2B).putShort((short) 0x0100).putShort((short) 1);
        query.putInt(0).putShort((short) 0);
        for (String label : List.of("bench", "example", "com")) {
            query.put((byte) label.length()).put(label.getBytes(StandardCharsets.US_ASCII));
        }
        return query.put((byte) 0).putShort((short) 1).putShort((short) 1).flip();
    }

    static InetAddress address() throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {(byte) 203, 0, 113, 7});
    }
}
