package io.postern.bench;

import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.DeviceAssurance;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
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

    static InetAddress address() throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {(byte) 203, 0, 113, 7});
    }
}
