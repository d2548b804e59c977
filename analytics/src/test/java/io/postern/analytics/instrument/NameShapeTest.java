package io.postern.analytics.instrument;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.Destination;
import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.Protocol;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NameShapeTest {

    @ParameterizedTest
    @CsvSource({
        "api.example.com, example.com",
        "graph.facebook.com, facebook.com",
        "mobilebanking.sparkasse.de, sparkasse.de",
        "xn--bcher-kva.example, xn--bcher-kva.example",
        "localhost, ''",
    })
    void ordinaryNamesHaveNoMark(String host, String domain) {
        assertThat(NameShape.of(new Destination(host, domain, "", 443))).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.7", "2001:db8::1"})
    void addressesAreNoNames(String host) {
        assertThat(NameShape.of(new Destination(host, "", "", 443))).isEqualTo(NameShape.ADDRESS);
        assertThat(NameShape.of(new Destination("", "", host, 443))).isEqualTo(NameShape.ADDRESS);
    }

    @Test
    void mostRandomNamesAreSeenToBe() {
        Random random = new Random(1);
        int seen = 0;
        for (int run = 0; run < 500; run++) {
            StringBuilder label = new StringBuilder();
            for (int i = 0; i < 14; i++) {
                label.append("abcdefghijklmnopqrstuvwxyz0123456789".charAt(random.nextInt(36)));
            }
            String domain = label + ".com";
            seen += (NameShape.of(new Destination(domain, domain, "", 443)) & NameShape.RANDOM) != 0 ? 1 : 0;
        }
        assertThat(seen).isGreaterThan(470);
    }

    @Test
    void marksLongLabelsAndMixedScripts() {
        String label = "a-rather-long-label-made-of-words";
        assertThat(NameShape.of(new Destination(label + ".example.com", "example.com", "", 443)))
                .isEqualTo(NameShape.LONG);
        assertThat(NameShape.of(new Destination("login.xn--pypal-4ve.com", "xn--pypal-4ve.com", "", 443)))
                .isEqualTo(NameShape.PUNYCODE_MIX);
    }

    @Test
    void aHiddenNameIsNoAnomaly() {
        assertThat(NameShape.ofHello(hello(new Flow.TlsShape("outer.example", true, "h2", ""))))
                .isEqualTo(NameShape.HIDDEN);
        assertThat(NameShape.ofHello(hello(new Flow.TlsShape("", false, "h2", ""))))
                .isEqualTo(NameShape.NO_SNI);
        assertThat(NameShape.ofHello(hello(new Flow.TlsShape("a.example", false, "h2", ""))))
                .isZero();
    }

    private static Flow hello(Flow.TlsShape tls) {
        return new Flow(
                "1",
                AppTag.UNATTRIBUTED,
                0,
                Flow.Transport.TCP,
                new Destination("", "", "192.0.2.1", 443),
                Protocol.TLS,
                Basis.BYTES,
                Set.of(),
                Optional.of(tls),
                Optional.empty());
    }
}
