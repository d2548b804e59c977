package io.postern.gateway.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.FlowEvent;
import io.postern.dns.names.PublicSuffixes;
import io.postern.gateway.detect.FlowLine.Question;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is recorded is told in detection's words. */
class FlowFactsTest {

    private final FlowFacts facts = new FlowFacts(PublicSuffixes.shipped()::registrable);

    /** The first is what iodine asks for where a resolver lets it. */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "zi03aa-\\228germeister-.pirate.sea, pirate.sea",
                "a\\.b.c\\\\.acme.example, acme.example",
                "a b/c+d==.x.acme.co.uk, acme.co.uk",
                "_dmarc.acme.example, acme.example",
                "www.acme.example, acme.example",
                "\\000, \"\"",
                "com, \"\""
            })
    void anythingMayStandBeforeADomain(String name, String domain) throws UnknownHostException {
        FlowEvent.Asked told = facts.asked(asked(AppTag.UNATTRIBUTED, name));
        assertThat(told.domain()).isEqualTo(domain);
        assertThat(told.name()).isEqualTo(name);
    }

    @Test
    void whoeverIsNobodysIsTheAddressThatItAsksFrom() throws UnknownHostException {
        FlowEvent.Asked told = facts.asked(asked(AppTag.UNATTRIBUTED, "www.acme.example"));
        assertThat(told.flow().tag().device()).isEqualTo("192.0.2.7");
        assertThat(told.flow().destination().name()).isEqualTo("10.77.0.1");
    }

    private static Asked asked(AppTag who, String name) throws UnknownHostException {
        return new Asked(
                who, InetAddress.getByName("192.0.2.7"), "10.77.0.1", 53, new Question(1_000, name, 16, 0, 100));
    }
}
