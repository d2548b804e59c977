package io.postern.analytics.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.DeviceState;
import io.postern.analytics.Evidence;
import io.postern.analytics.Flows;
import io.postern.analytics.StateLimits;
import io.postern.analytics.Tracked;
import io.postern.analytics.baseline.Baseline;
import io.postern.analytics.context.Truth;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Destination;
import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.FlowEvent;
import io.postern.analytics.flow.FlowEvent.Outcome;
import io.postern.analytics.flow.InClear;
import io.postern.analytics.flow.InClear.Naming;
import io.postern.analytics.flow.InClear.Payload;
import io.postern.analytics.flow.Protocol;
import io.postern.analytics.instrument.Usual;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.DoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every knob is read: what is evidence by one setting is none by another. */
class KnobsTest {

    private static final String APP = "com.acme.app";
    private static final String HOST = "files.example";
    private static final Duration WINDOW = Duration.ofMinutes(5);

    private final DeviceState state = new DeviceState(StateLimits.DEFAULTS, Usual.UNKNOWN);
    private final Random random = new Random(3);
    private long now = Flows.START;
    private InClear clear = InClear.NOTHING;

    static Stream<DoubleFunction<Analytic>> byJitter() {
        return Stream.of(
                jitter -> new WebService(
                        new WebService.Settings(WINDOW, Set.of(), Set.of(), WINDOW, jitter, 1L << 20, false)),
                jitter -> new ApplicationLayerProtocol(new ApplicationLayerProtocol.Settings(jitter, 30, 0.95, WINDOW)),
                jitter -> new NonStandardPort(new NonStandardPort.Settings(Map.of(), Set.of(), WINDOW, WINDOW, jitter)),
                jitter -> new WebProtocols(new WebProtocols.Settings(jitter, 8, WINDOW)),
                jitter -> new EncryptedChannel(
                        new EncryptedChannel.Settings(WINDOW, 0.95, Set.of(), jitter, 1 << 10, WINDOW)));
    }

    @ParameterizedTest
    @MethodSource("byJitter")
    void aRhythmIsSoughtUpToSoMuchJitter(DoubleFunction<Analytic> analytic) {
        for (int i = 0; i < 150; i++) {
            now += (long) (300_000 * (1 + 0.45 * (2 * random.nextDouble() - 1)));
            flow(Protocol.TLS, 8443, 4_000, 400);
        }

        assertThat(features(analytic.apply(0.5), AppRole.NONE)).anyMatch(feature -> feature.contains("clock"));
        assertThat(features(analytic.apply(0.12), AppRole.NONE)).noneMatch(feature -> feature.contains("clock"));
    }

    @Test
    void anUploadIsOneBeyondTheThresholdOrTheRolesLimit() {
        flow(Protocol.TLS, 443, 3 << 20, 1_000);
        WebService lenient =
                new WebService(new WebService.Settings(WINDOW, Set.of(), Set.of(), WINDOW, 0.5, 4 << 20, false));
        WebService shipped = new WebService(WebService.Settings.DEFAULTS);

        assertThat(features(shipped, AppRole.NONE)).contains(Uplink.UPLOAD);
        assertThat(features(lenient, AppRole.NONE)).doesNotContain(Uplink.UPLOAD);
        assertThat(features(shipped, role(Truth.UNKNOWN, 5 << 20))).doesNotContain(Uplink.UPLOAD, Uplink.BEYOND_ROLE);
        assertThat(features(lenient, role(Truth.UNKNOWN, 2 << 20))).contains(Uplink.BEYOND_ROLE);
        assertThat(features(new EncryptedChannel(EncryptedChannel.Settings.DEFAULTS), role(Truth.UNKNOWN, 5 << 20)))
                .as("within the role nothing is sent that is not its to send")
                .isEmpty();
    }

    @Test
    void backgroundIsExpectedWhereTheRoleSaysSoUnlessForegroundIsRequired() {
        flow(Protocol.TLS, 443, 1_000, 1_000);
        WebService required =
                new WebService(new WebService.Settings(WINDOW, Set.of(), Set.of(), WINDOW, 0.5, 1 << 20, true));

        assertThat(features(new WebService(WebService.Settings.DEFAULTS), role(Truth.TRUE, 0)))
                .contains(Circumstances.BACKGROUND_EXPECTED);
        assertThat(features(required, role(Truth.TRUE, 0))).doesNotContain(Circumstances.BACKGROUND_EXPECTED);
    }

    @Test
    void whatIsAllowedIsAllowed() {
        flow(Protocol.TLS, 8443, 1_000, 1_000);

        assertThat(features(new NonStandardPort(NonStandardPort.Settings.DEFAULTS), AppRole.NONE))
                .contains(NonStandardPort.NOT_STANDARD);
        assertThat(features(
                        new NonStandardPort(new NonStandardPort.Settings(
                                Map.of(Protocol.TLS, Set.of(8443)), Set.of(), WINDOW, WINDOW, 0.5)),
                        AppRole.NONE))
                .isEmpty();
        assertThat(features(
                        new NonStandardPort(new NonStandardPort.Settings(Map.of(), Set.of(APP), WINDOW, WINDOW, 0.5)),
                        AppRole.NONE))
                .contains(NonStandardPort.ALLOWED_APP);
        assertThat(features(
                        new WebService(new WebService.Settings(
                                WINDOW, Set.of(APP), Set.of("cloud-storage"), WINDOW, 0.5, 1 << 20, false)),
                        AppRole.NONE))
                .contains(WebService.ALLOWED_APP, WebService.ALLOWED_CLASS);
    }

    @Test
    void manyAndLopsidedAreAsManyAndAsLopsidedAsIsSaid() {
        for (int i = 0; i < 100; i++) {
            now += 60_000;
            flow(Protocol.TLS, 443, 8_000, 500);
        }

        assertThat(features(
                        new ApplicationLayerProtocol(new ApplicationLayerProtocol.Settings(0.5, 50, 0.95, WINDOW)),
                        AppRole.NONE))
                .contains(ApplicationLayerProtocol.OFTEN);
        assertThat(features(
                        new ApplicationLayerProtocol(new ApplicationLayerProtocol.Settings(0.5, 70, 0.95, WINDOW)),
                        AppRole.NONE))
                .doesNotContain(ApplicationLayerProtocol.OFTEN);
        assertThat(features(new WebProtocols(new WebProtocols.Settings(0.5, 10, WINDOW)), AppRole.NONE))
                .contains(WebProtocols.ASYMMETRIC);
        assertThat(features(new WebProtocols(new WebProtocols.Settings(0.5, 30, WINDOW)), AppRole.NONE))
                .doesNotContain(WebProtocols.ASYMMETRIC);
    }

    @Test
    void randomIsAsRandomAsIsSaid() {
        for (int i = 0; i < 100; i++) {
            now += 60_000;
            flow(Protocol.HTTP, 80, 8_000, 500);
        }
        clear = new InClear(new Payload(false, 4096, 7.7), Payload.NONE, Naming.ONE);

        assertThat(features(
                        new ApplicationLayerProtocol(new ApplicationLayerProtocol.Settings(0.5, 50, 0.95, WINDOW)),
                        AppRole.NONE))
                .contains(Bytes.RANDOM);
        assertThat(features(
                        new ApplicationLayerProtocol(new ApplicationLayerProtocol.Settings(0.5, 50, 0.99, WINDOW)),
                        AppRole.NONE))
                .doesNotContain(Bytes.RANDOM);
        assertThat(features(
                        new EncryptedChannel(
                                new EncryptedChannel.Settings(WINDOW, 0.95, Set.of(), 0.5, 1 << 10, WINDOW)),
                        AppRole.NONE))
                .contains(Bytes.RANDOM);
        assertThat(features(
                        new EncryptedChannel(
                                new EncryptedChannel.Settings(WINDOW, 0.99, Set.of(), 0.5, 1 << 10, WINDOW)),
                        AppRole.NONE))
                .doesNotContain(Bytes.RANDOM);
    }

    private void flow(Protocol protocol, int port, long bytesOut, long bytesIn) {
        Flow flow = Flows.to(APP, HOST, HOST, protocol, port);
        state.observe(new FlowEvent.Opened(flow, now));
        state.observe(new FlowEvent.Exchanged(flow, now + 10, bytesOut, bytesIn));
        state.observe(new FlowEvent.Closed(flow, now + 1_000, bytesOut, bytesIn, Outcome.CARRIED));
    }

    private List<String> features(Analytic analytic, AppRole role) {
        AppTag tag = Flows.tag(APP);
        Tracked seen = state.find(tag.profile(), APP, HOST).orElseThrow();
        Destination to = new Destination(HOST, HOST, "", seen.port());
        Sight sight = new Sight("LC01", state, seen, new Peers(1));
        sight.look(
                new Knowledge(1, Baseline.EMPTY, false, 0, any -> role),
                tag,
                to,
                flow(),
                Classes.of(Set.of("cloud-storage")),
                0,
                now + 1_000);
        Scales scales = new Scales();
        analytic.weigh(sight, scales);
        return scales.evidence().stream().map(Evidence::feature).toList();
    }

    private Optional<Flow> flow() {
        Flow like = Flows.to(APP, HOST, HOST, Protocol.HTTP, 80);
        return clear.equals(InClear.NOTHING)
                ? Optional.empty()
                : Optional.of(new Flow(
                        like.uid(),
                        like.tag(),
                        like.startMillis(),
                        like.transport(),
                        like.destination(),
                        like.protocol(),
                        like.basis(),
                        like.serviceClasses(),
                        like.tls(),
                        like.http(),
                        clear));
    }

    private static AppRole role(Truth background, long uplinkLimit) {
        return new AppRole(
                "",
                true,
                Set.of(),
                false,
                to -> false,
                Set.of(),
                (protocol, port) -> true,
                background,
                Duration.ZERO,
                Set.of(),
                Truth.UNKNOWN,
                uplinkLimit);
    }
}
