package io.postern.gateway.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.SettingsReader;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownResolversTest {

    @TempDir
    Path dir;

    @Test
    void knownIsWhatTheGatewayAsksWhatIsLedElsewhereAndWhatIsNamed() throws IOException {
        KnownResolvers known = known("""
                identity: {tag-keys: [{id: k1, secret-file: k1}]}
                dns: {upstreams: ['192.0.2.53', 'tls://dns.example'], bootstrap: {dns.example: [192.0.2.85]}}
                upstream: {hosts: {'198.51.100.1:53': '127.0.0.1:5353', '198.51.100.2:443': '127.0.0.1:8443'}}
                response: {quarantine: {resolvers: ['203.0.113.53']}}
                """);

        for (String yes : new String[] {"192.0.2.53", "192.0.2.85", "198.51.100.1", "203.0.113.53"}) {
            assertThat(known.test(InetAddress.getByName(yes))).as(yes).isTrue();
        }
        for (String no : new String[] {"198.51.100.2", "203.0.113.54", "8.8.8.8"}) {
            assertThat(known.test(InetAddress.getByName(no))).as(no).isFalse();
        }
    }

    private KnownResolvers known(String yaml) throws IOException {
        Path key = Files.writeString(dir.resolve("k1"), "s".repeat(32), StandardCharsets.US_ASCII);
        assertThat(key.toFile().setReadable(false, false)).isTrue();
        assertThat(key.toFile().setReadable(true, true)).isTrue();
        Path file = Files.writeString(dir.resolve("postern.yaml"), yaml, StandardCharsets.UTF_8);
        return KnownResolvers.in(SettingsReader.read(file, Map.of()).value().orElseThrow());
    }
}
