package io.postern.gateway.e2e;

import io.postern.analytics.Evidence;
import io.postern.analytics.Evidence.Family;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.flow.AppKey;
import io.postern.analytics.flow.Protocol;
import java.util.List;

/**
 * What a detector of the tests says, of {@code com.acme.app} and {@code c2.evil.example} unless it is told otherwise.
 *
 * @param checkIns more of them are later
 */
public record TestingFinding(
        String analytic,
        String device,
        String app,
        String destination,
        double score,
        long checkIns,
        List<Evidence> evidence) {

    private static final Evidence CLOCK = new Evidence(Family.CADENCE, "clock", 14, 10.3, 28, true);
    private static final Evidence RARE = new Evidence(Family.DESTINATION, "destination-rare-for-app", 0, 2, 25, true);
    private static final Evidence CRYPTO = new Evidence(Family.TELEMETRY, "crypto-before", 1, 1, 25, true);

    public static TestingFinding of(String device) {
        return new TestingFinding("AN1793", device, "com.acme.app", "c2.evil.example", 75, 10, List.of(CLOCK, RARE));
    }

    public TestingFinding by(String other) {
        return new TestingFinding(other, device, app, destination, score, checkIns, evidence);
    }

    public TestingFinding to(String other) {
        return new TestingFinding(analytic, device, app, other, score, checkIns, evidence);
    }

    public TestingFinding score(double other) {
        return new TestingFinding(analytic, device, app, destination, other, checkIns, evidence);
    }

    /** More of the same. */
    public TestingFinding later() {
        return new TestingFinding(analytic, device, app, destination, score, checkIns + 10, evidence);
    }

    /** With evidence of another kind. */
    public TestingFinding withCrypto() {
        return new TestingFinding(analytic, device, app, destination, score, checkIns, List.of(CLOCK, RARE, CRYPTO));
    }

    /** The word, at this time; its uid is made of what it is about. */
    public Finding at(long millis) {
        return Finding.of(analytic, new AppKey(device, "work", app), destination)
                .uid(String.join("-", analytic, device, destination))
                .activity(Finding.Activity.UPDATE)
                .score(score)
                .evidence(evidence)
                .notVisible(List.of("lock"))
                .at(millis)
                .since(millis - 3_600_000)
                .seen(checkIns, 1_000 * checkIns)
                .spoken(new Finding.Spoken(Protocol.TLS, 8443))
                .finding();
    }

    /** The same, with enough to end flows without asking anybody. */
    public Finding blocking(long millis) {
        Finding word = at(millis);
        return new Finding(
                word.uid(),
                word.activity(),
                word.analytic(),
                word.key(),
                word.destination(),
                word.score(),
                word.evidence(),
                word.notVisible(),
                word.atMillis(),
                word.firstMillis(),
                word.checkIns(),
                word.bytesOut(),
                true,
                word.spoken());
    }

    public String uid() {
        return at(3_600_000).uid();
    }
}
