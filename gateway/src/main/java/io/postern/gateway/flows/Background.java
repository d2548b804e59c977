package io.postern.gateway.flows;

import io.postern.analytics.Evidence;
import io.postern.dns.memory.Remembered;
import io.postern.gateway.identity.Identity;
import io.postern.gateway.records.KnownFacts;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a flow besides what passes: what its tag rests on, facts of its device and app, what its device was told of its
 * address, and what others say of it. Belongs to the flow's loop.
 */
public final class Background {

    static final int MAX_EVIDENCE = 16;

    private @Nullable Identity identity;
    private KnownFacts facts = KnownFacts.NONE;
    private Remembered remembered = Remembered.NOTHING;
    private List<Evidence> evidence = List.of();
    private long covered = -1;

    /** What its tag rests on. */
    public void identifiedBy(Identity what) {
        identity = what;
    }

    /** What its tag rests on; empty for a flow that nobody vouches for. */
    public Optional<Identity> identity() {
        return Optional.ofNullable(identity);
    }

    boolean expired(long nowMillis) {
        return identity()
                .flatMap(Identity::proof)
                .filter(proof -> nowMillis >= proof.expiryMillis())
                .isPresent();
    }

    /** What is known of its device and app as it begins. */
    public void began(KnownFacts known) {
        facts = known.orNone();
    }

    public KnownFacts facts() {
        return facts;
    }

    /** What its device was told of the address that it goes to, as it begins. */
    public void remembered(Remembered what) {
        remembered = what;
    }

    public Remembered remembered() {
        return remembered;
    }

    /** What was counted of it as it began, in whatever words the counter has; -1 for nothing. */
    public void covered(long counted) {
        covered = counted;
    }

    public long covered() {
        return covered;
    }

    /** Something that speaks for or against a finding; the first {@value #MAX_EVIDENCE} are kept. */
    public void note(Evidence what) {
        if (evidence.size() < MAX_EVIDENCE) {
            evidence = Stream.concat(evidence.stream(), Stream.of(what)).toList();
        }
    }

    public List<Evidence> evidence() {
        return evidence;
    }
}
