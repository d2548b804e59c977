package io.postern.gateway.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.Evidence;
import io.postern.gateway.identity.ClientPrint.Trait;
import io.postern.wire.ip.HostText;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TagWatchTest {

    private static final Proof.Authentic TAG = TestingProofs.of("LC01", "com.acme.mail", Long.MAX_VALUE);
    private static final Proof.Authentic ANOTHER = TestingProofs.of("LC02", "com.acme.mail", Long.MAX_VALUE);
    private static final InetAddress HOME = address("192.0.2.7");
    private static final InetAddress AWAY = address("198.51.100.9");
    private static final ClientPrint OURS = new ClientPrint(0, 11, 12, 0);
    private static final ClientPrint THEIRS = new ClientPrint(0, 21, 22, 0);

    private final List<Trait> counted = new ArrayList<>();
    private final TestingTime time = new TestingTime();
    private final TagWatch watch = new TagWatch(time, counted::add);

    @Test
    void twoClientsInTurnsAreEvidence() {
        List<Optional<Evidence>> found = turns(6, HOME, OURS, AWAY, THEIRS);

        assertThat(found.subList(0, 5)).allMatch(Optional::isEmpty);
        assertThat(found.get(5))
                .contains(new Evidence(Evidence.Family.TAG, "two-clients-by-client-hello", 4, 3, 30, true));
        assertThat(counted).containsExactly(Trait.HELLO);
    }

    @Test
    void aCertificateDecidesWhereBothShowOne() {
        assertThat(turns(8, HOME, new ClientPrint(1, 11, 12, 0), AWAY, new ClientPrint(2, 11, 12, 0))
                        .get(7))
                .map(Evidence::feature)
                .contains("two-clients-by-certificate");
        assertThat(turns(ANOTHER, 8, HOME, new ClientPrint(3, 11, 12, 0), AWAY, new ClientPrint(3, 21, 22, 0))
                        .get(7))
                .isEmpty();
    }

    @Test
    void aConcentratorsWordCounts() {
        assertThat(turns(8, HOME, new ClientPrint(0, 0, 0, 5), AWAY, new ClientPrint(0, 0, 0, 6))
                        .get(7))
                .map(Evidence::feature)
                .contains("two-clients-by-concentrator");
    }

    @Test
    void roamingIsNotEvidenceHoweverOften() {
        assertThat(turns(100, HOME, OURS, AWAY, OURS)).allMatch(Optional::isEmpty);
        assertThat(counted).isEmpty();
    }

    /** Two stacks of one device, both of them on either network. */
    @Test
    void anAppOfTwoClientsThatRoamsIsNotEvidence() {
        List<Optional<Evidence>> found = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            found.add(watch.opened(TAG, i % 2 == 0 ? HOME : AWAY, i % 4 < 2 ? OURS : THEIRS));
        }
        assertThat(found).allMatch(Optional::isEmpty);
    }

    @Test
    void oneTurnIsAMove() {
        List<Optional<Evidence>> found = new ArrayList<>();
        IntStream.range(0, 20).forEach(i -> found.add(watch.opened(TAG, HOME, OURS)));
        IntStream.range(0, 20).forEach(i -> found.add(watch.opened(TAG, AWAY, THEIRS)));
        assertThat(found).allMatch(Optional::isEmpty);
    }

    @Test
    void clientsThatShowNothingCannotBeToldApart() {
        assertThat(turns(20, HOME, OURS, AWAY, ClientPrint.NOTHING)).allMatch(Optional::isEmpty);
    }

    @Test
    void aNetworkIsMoreThanAnAddress() {
        assertThat(turns(20, address("192.0.2.1"), OURS, address("192.0.2.200"), THEIRS))
                .allMatch(Optional::isEmpty);
        assertThat(turns(ANOTHER, 20, address("2001:db8:1:2::1"), OURS, address("2001:db8:1:3::1"), THEIRS))
                .allMatch(Optional::isEmpty);
    }

    @Test
    void onlyWhatLivesAtOnceIsEvidence() {
        for (int i = 0; i < 20; i++) {
            InetAddress from = i % 2 == 0 ? HOME : AWAY;
            assertThat(watch.opened(TAG, from, i % 2 == 0 ? OURS : THEIRS)).isEmpty();
            watch.closed(TAG, from);
        }
    }

    @Test
    void turnsOfAnotherDayDoNotCount() {
        turns(5, HOME, OURS, AWAY, THEIRS);
        time.pass(TagWatch.WINDOW.plusSeconds(1));

        assertThat(watch.opened(TAG, AWAY, THEIRS)).isEmpty();
    }

    @Test
    void manyFacesAreTakenForOneClient() {
        List<Optional<Evidence>> found = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            found.add(watch.opened(TAG, i % 2 == 0 ? HOME : AWAY, new ClientPrint(0, 100 + i, 0, 0)));
        }
        assertThat(found.subList(12, 40)).allMatch(Optional::isEmpty);
    }

    @Test
    void theTableIsBounded() {
        TagWatch small = new TagWatch(time, counted::add, 10);
        for (int i = 0; i < 100; i++) {
            small.opened(TestingProofs.of("D" + i, "a.b", Long.MAX_VALUE), HOME, OURS);
        }
        assertThat(small.size()).isLessThanOrEqualTo(10);
        assertThat(small.evicted()).isGreaterThanOrEqualTo(90);
        small.closed(TestingProofs.of("D0", "a.b", Long.MAX_VALUE), HOME);
    }

    private List<Optional<Evidence>> turns(
            int flows, InetAddress one, ClientPrint first, InetAddress other, ClientPrint second) {
        return turns(TAG, flows, one, first, other, second);
    }

    private List<Optional<Evidence>> turns(
            Proof.Authentic tag, int flows, InetAddress one, ClientPrint first, InetAddress other, ClientPrint second) {
        List<Optional<Evidence>> found = new ArrayList<>();
        for (int i = 0; i < flows; i++) {
            found.add(i % 2 == 0 ? watch.opened(tag, one, first) : watch.opened(tag, other, second));
        }
        return found;
    }

    private static InetAddress address(String text) {
        return ((HostText.Literal) HostText.of(text)).address();
    }

    /** A clock that goes when it is told to. */
    private static final class TestingTime extends Clock {

        private Instant now = Instant.parse("2026-11-21T00:00:00Z");

        void pass(Duration some) {
            now = now.plus(some);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
