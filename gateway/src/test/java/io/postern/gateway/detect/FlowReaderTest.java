package io.postern.gateway.detect;

import static io.postern.gateway.records.TestingFlows.END;
import static io.postern.gateway.records.TestingFlows.START;
import static io.postern.gateway.records.TestingFlows.accepted;
import static io.postern.gateway.records.TestingFlows.ip;
import static io.postern.gateway.records.TestingFlows.line;
import static io.postern.gateway.records.TestingFlows.relayed;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.FlowEvent.Outcome;
import io.postern.analytics.flow.InClear.Naming;
import io.postern.analytics.flow.InClear.Payload;
import io.postern.analytics.flow.Protocol;
import io.postern.gateway.records.CloseReason;
import io.postern.gateway.records.FlowRecord;
import io.postern.gateway.records.HttpFacts;
import io.postern.gateway.records.Spoken;
import io.postern.gateway.records.TestingFlows;
import io.postern.gateway.records.TlsFacts;
import io.postern.gateway.records.Transport;
import io.postern.tls.hello.ServerName;
import io.postern.tls.watch.Side;
import io.postern.wire.http.PathClass;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlowReaderTest {

    private final FlowFacts facts = new FlowFacts(name -> name.substring(name.indexOf('.') + 1));
    private final FlowReader reader = new FlowReader(facts);

    static Stream<FlowRecord> records() {
        TlsFacts.Hello hidden = new TlsFacts.Hello(
                Optional.of(new ServerName("\u00e9.example", ServerName.Form.INVALID)),
                "1.3",
                List.of("h3", "h2"),
                Optional.empty(),
                Optional.of("q13d0311h3_55b375c5d22e_06cda9e17597"),
                true,
                false,
                true);
        return Stream.of(
                relayed().ended(CloseReason.CLIENT_CLOSED, END),
                relayed().living(START.plusSeconds(3_600)),
                accepted(Transport.TCP).ended(CloseReason.LIMIT, END),
                accepted(Transport.TCP)
                        .destination(Optional.of("Nowhere.Example."), 443)
                        .ended(CloseReason.UNRESOLVED, END),
                accepted(Transport.UDP)
                        .destination(Optional.empty(), 443)
                        .dialled(ip("2001:db8:0:0:1:0:0:1"))
                        .established()
                        .recognised(Protocol.QUIC, Basis.BYTES)
                        .spoken(Spoken.of(TlsFacts.of(hidden)).quic("1"))
                        .ended(CloseReason.IDLE, END),
                relayed()
                        .tag(AppTag.INVALID)
                        .recognised(Protocol.HTTP, Basis.BYTES)
                        .spoken(Spoken.of(new HttpFacts(
                                Optional.of("Acme.Example:8080"),
                                "GET",
                                Optional.of(PathClass.API),
                                Optional.of("app/1 \"x\""),
                                Optional.of("0123456789ab"),
                                3,
                                200,
                                false)))
                        .ended(CloseReason.UPSTREAM_RESET, END),
                relayed().spoken(Spoken.of(TlsFacts.NONE)).ended(CloseReason.IDLE, END),
                relayed()
                        .recognised(Protocol.HTTP, Basis.BYTES)
                        .spoken(Spoken.NOTHING
                                .with(Side.CLIENT, new Payload(false, 4096, 7.951))
                                .with(Side.SERVER, new Payload(true, 64, 8)))
                        .ended(CloseReason.IDLE, END),
                named("www.other.example", hello("api.acme.example", false)),
                named("www.acme.example", hello("api.acme.example", false)),
                named("www.other.example", hello("api.acme.example", true)));
    }

    private static TlsFacts.Hello hello(String name, boolean ech) {
        return new TlsFacts.Hello(
                Optional.of(new ServerName(name, ServerName.Form.NAME)),
                "1.2",
                List.of(),
                Optional.empty(),
                Optional.empty(),
                ech,
                false,
                false);
    }

    private static FlowRecord named(String asked, TlsFacts.Hello hello) {
        return relayed()
                .destination(Optional.of(asked), 443)
                .recognised(Protocol.TLS, Basis.BYTES)
                .spoken(Spoken.of(TlsFacts.of(hello)))
                .ended(CloseReason.IDLE, END);
    }

    /** Another host of one domain is no other name, and what ECH shows is none. */
    @Test
    void twoNamesAreThoseOfTwoDomains() {
        assertThat(naming("www.other.example", hello("api.acme.example", false)))
                .isEqualTo(Naming.UNSEEN);
        assertThat(naming("www.acme.example", hello("api.acme.example", false))).isEqualTo(Naming.ONE);
        assertThat(naming("www.other.example", hello("api.acme.example", true))).isEqualTo(Naming.ONE);
        assertThat(named("www.other.example", hello("api.acme.example", true)).naming())
                .isEqualTo(Naming.ONE);
    }

    private Naming naming(String asked, TlsFacts.Hello hello) {
        return facts.line(named(asked, hello)).orElseThrow().flow().clear().naming();
    }

    /** What is told of a flow that lives, and what is told of its line, are one. */
    @ParameterizedTest
    @MethodSource("records")
    void aLineTellsWhatItsRecordDoes(FlowRecord record) {
        Optional<FlowLine> live = facts.line(record);
        FlowReader.Read.Told read = told(TestingFlows.line(record));

        assertThat(read.line()).isEqualTo(live);
    }

    @Test
    void factsAreInDetectionsWords() {
        Flow flow = told(line(relayed().ended(CloseReason.CLIENT_CLOSED, END)))
                .line()
                .orElseThrow()
                .flow();

        assertThat(flow.destination().host()).isEqualTo("api.acme.example");
        assertThat(flow.destination().domain()).isEqualTo("acme.example");
        assertThat(flow.destination().address()).isEqualTo("203.0.113.9");
        assertThat(flow.tag().device()).isEqualTo("3a1f9c");
        assertThat(flow.serviceClasses()).containsExactly("collaboration");
        assertThat(flow.tls().orElseThrow().alpn()).isEqualTo("h2");
        assertThat(flow.tls().orElseThrow().ja4()).isEqualTo("t13d1516h2_8daaf6152771_02713d6af862");
    }

    /** Nobody's flows are kept apart by where they come from; nobody is believed to be more than that. */
    @Test
    void whoIsNobodyIsKnownByTheAddress() {
        FlowLine line = told(TestingFlows.line(accepted(Transport.TCP)
                        .destination(Optional.of("a.example"), 443)
                        .ended(CloseReason.UNRESOLVED, END)))
                .line()
                .orElseThrow();

        assertThat(line.flow().tag())
                .isEqualTo(new AppTag(
                        "10.77.3.21",
                        AppTag.NOBODY,
                        AppTag.NOBODY,
                        AppTag.UNATTRIBUTED.deviceAssurance(),
                        AppTag.UNATTRIBUTED.appAssurance()));
        assertThat(line.outcome()).contains(Outcome.FAILED_UPSTREAM);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "[]",
                "{",
                "{}{}",
                "{\"class_uid\":4001}",
                "{\"class_uid\":4001,\"connection_info\":{\"uid\":\"a\"},\"activity_id\":2,\"start_time\":5}",
                "{\"class_uid\":4001,\"connection_info\":{\"uid\":7},\"activity_id\":2,\"start_time\":5,\"end_time\":6}",
                "{\"class_uid\":4001,\"connection_info\":{\"uid\":\"a\"},\"activity_id\":1,\"start_time\":5,\"end_time\":6}",
                "{\"class_uid\":4001,\"connection_info\":{\"uid\":\"a\"},\"activity_id\":2,\"start_time\":-5,\"end_time\":6}",
                "{\"class_uid\":4001,\"connection_info\":[],\"activity_id\":2,\"start_time\":5,\"end_time\":6}",
                "{\"class_uid\":4001,\"unmapped\":{\"postern\":{\"exchanges\":[[1,2]]}}}",
                "{\"class_uid\":4001,\"traffic\":{\"bytes_out\":1e30}}",
                "{\"class_uid\":4001,\"unmapped\":{\"postern\":{\"payload_out\":{\"bits\":8.5}}}}",
                "{\"class_uid\":4001,\"unmapped\":{\"postern\":{\"payload_in\":{\"bytes\":5000}}}}",
                "{\"class_uid\":4001,\"unmapped\":{\"postern\":{\"ech\":1}}}"
            })
    void whatIsNoRecordIsSaidToBeNone(String line) {
        FlowReader.Read read = read(line);

        assertThat(read)
                .isInstanceOfSatisfying(
                        FlowReader.Read.Broken.class,
                        broken -> assertThat(broken.what()).isNotBlank().doesNotContain("\n"));
    }

    @Test
    void otherRecordsAndUnknownMembersArePassedOver() {
        assertThat(read("{\"class_uid\":2004,\"x\":{\"y\":[1,{}]}}")).isInstanceOf(FlowReader.Read.Other.class);
        String line = TestingFlows.line(relayed().ended(CloseReason.CLIENT_CLOSED, END));

        assertThat(told(line.replace("\"metadata\":{", "\"more\":[{\"a\":[null,1.5]}],\"metadata\":{\"new\":{},"))
                        .line())
                .map(FlowLine::flow)
                .isEqualTo(told(line).line().map(FlowLine::flow));
    }

    private FlowReader.Read.Told told(String line) {
        return (FlowReader.Read.Told) read(line.strip());
    }

    private FlowReader.Read read(String line) {
        byte[] bytes = ("##" + line + "##").getBytes(StandardCharsets.UTF_8);
        return reader.read(bytes, 2, bytes.length - 2);
    }
}
