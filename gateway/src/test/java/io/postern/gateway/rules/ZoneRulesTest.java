package io.postern.gateway.rules;

import static io.postern.gateway.rules.TestingFlow.mail;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.flow.AppTag;
import io.postern.config.policy.PolicyReader;
import io.postern.wire.ip.HostText;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What rules make of a response policy zone's words about who asks and where answers lead. */
class ZoneRulesTest {

    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    @TempDir
    private Path dir;

    private Rules rules(String text) throws Exception {
        Files.writeString(dir.resolve("zone.rpz"), """
                $ORIGIN rpz.local.
                @ 1h SOA localhost. root.localhost. 1 1h 15m 30d 2h
                named.example CNAME .
                spared.example CNAME rpz-passthru.
                24.0.100.51.198.rpz-ip CNAME .
                24.0.0.77.10.rpz-client-ip CNAME .
                32.9.0.77.10.rpz-client-ip CNAME rpz-passthru.
                """);
        Files.writeString(dir.resolve("plain"), "198.51.100.0/24\n");
        Files.writeString(
                dir.resolve("p.yaml"), "lists: {zone: {files: zone.rpz, format: rpz}, plain: {files: plain}}\n" + text);
        return new Rules(PolicyReader.read(List.of("p.yaml"), dir, Clock.fixed(NOW, ZoneOffset.UTC))
                .value()
                .orElseThrow());
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.5, www.acme.example, 192.0.2.80, false",
        "192.0.2.5, www.acme.example, 198.51.100.7, true",
        "192.0.2.5, spared.example, 198.51.100.7, false",
        "10.77.0.5, www.acme.example, 192.0.2.80, true",
        "10.77.0.9, www.acme.example, 198.51.100.7, false",
    })
    void aFlowIsHeldByTheZonesOrder(String client, String name, String address, boolean held) throws Exception {
        Rules rules = rules("rules: [{name: zone, when: {list: zone}, action: block, mode: enforce}]");

        assertThat(rules.judge(mail().named(name).at(address, 443).atOpen().from(ip(client)), NOW)
                        .ends())
                .isEqualTo(held);
    }

    @Test
    void anAnswerThatLeadsThereHidesItsName() throws Exception {
        Rules rules = rules("rules: [{name: zone, when: {list: zone}, action: block, mode: enforce}]");

        assertThat(leading(rules, mail().tag(), "198.51.100.7").ends()).isTrue();
        assertThat(leading(rules, mail().tag(), "192.0.2.80").matches()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "named.example, 192.0.2.80, true",
        "cdn.example/named.example, 192.0.2.80, true",
        "spared.example/named.example, 192.0.2.80, false",
        "named.example/spared.example, 192.0.2.80, true",
        "spared.example, 198.51.100.7, false",
        "cdn.example, 198.51.100.7, true",
        "cdn.example, 192.0.2.80, false",
    })
    void anAliasIsLookedAtAsTheNameIs(String aliases, String address, boolean hidden) throws Exception {
        Rules rules = rules("rules: [{name: zone, when: {list: zone}, action: block, mode: enforce}]");
        NameQuestion asked = new NameQuestion(mail().tag(), ip("192.0.2.5"), "www.acme.example")
                .leadingTo(List.of(aliases.split("/")), List.of(ip(address)));

        assertThat(rules.judgeAnswer(asked, NOW, FactSource.NOBODY).ends()).isEqualTo(hidden);
    }

    /** Half the world's names lead through a few providers' ones: who forbids those means them, not whatever leads there. */
    @Test
    void onlyZonesSpeakOfAliases() throws Exception {
        Rules rules = rules("rules: [{name: cdn, when: {destination: named.example}, action: block, mode: enforce}]");
        NameQuestion asked = new NameQuestion(mail().tag(), ip("192.0.2.5"), "www.acme.example")
                .leadingTo(List.of("named.example"), List.of(ip("192.0.2.80")));

        assertThat(rules.judgeAnswer(asked, NOW, FactSource.NOBODY).matches()).isEmpty();
    }

    /** Of other lists the address holds the flow alone. */
    @Test
    void onlyZonesSpeakOfAnswers() throws Exception {
        Rules rules = rules("rules: [{name: feed, when: {list: plain}, action: block, mode: enforce}]");

        assertThat(leading(rules, mail().tag(), "198.51.100.7").matches()).isEmpty();
        assertThat(rules.judge(mail().atOpen(), NOW).ends()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            rules: [{name: zone, when: {list: zone, app: com.acme.mail}, action: block, mode: enforce}]
            rules: [{name: zone, when: {list: zone, port: 443}, action: block, mode: enforce}]
            rules: [{name: zone, when: {list: zone}, action: allow}]
            """)
    void whatIsForTheFlowToSayHidesNoName(String text) throws Exception {
        AppTag system = mail().tag().of(AppTag.NOBODY);

        assertThat(leading(rules(text), system, "198.51.100.7").matches()).isEmpty();
    }

    @Test
    void whomAnExceptionMayExcuseFindsIt() throws Exception {
        Rules rules = rules("""
                rules: [{name: zone, when: {list: zone}, action: block, mode: enforce}]
                exceptions: [{rule: zone, app: com.acme.mail, owner: it, reason: asked, until: 2026-12-31}]
                """);

        assertThat(leading(rules, mail().tag(), "198.51.100.7").matches()).isEmpty();
        assertThat(leading(rules, mail().tag().of("com.acme.chat"), "198.51.100.7")
                        .ends())
                .isTrue();
    }

    /** One rule, two lists: what the name matched already is not told again. */
    @Test
    void aRuleSpeaksOnce() throws Exception {
        Rules rules = rules("rules: [{name: both, when: {list: [zone, plain]}, action: block, mode: shadow}]");
        NameQuestion held = new NameQuestion(mail().tag(), ip("10.77.0.5"), "www.acme.example")
                .leadingTo(List.of(), List.of(ip("198.51.100.7")));

        assertThat(rules.judgeName(held.question(), NOW, FactSource.NOBODY).matches())
                .hasSize(1);
        assertThat(rules.judgeAnswer(held, NOW, FactSource.NOBODY).matches()).isEmpty();
    }

    private static Decision leading(Rules rules, AppTag who, String address) {
        NameQuestion asked = new NameQuestion(who, ip("192.0.2.5"), "www.acme.example");
        assertThat(rules.judgeName(asked.question(), NOW, FactSource.NOBODY).matches())
                .isEmpty();
        return rules.judgeAnswer(asked.leadingTo(List.of(), List.of(ip(address))), NOW, FactSource.NOBODY);
    }

    private static InetAddress ip(String text) {
        return ((HostText.Literal) HostText.of(text)).address();
    }
}
