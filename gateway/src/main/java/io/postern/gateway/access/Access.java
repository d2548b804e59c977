package io.postern.gateway.access;

import io.postern.config.GatewaySettings.ClientCertificate;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Recognises who asks: by the token shown, or else by the client certificate. A wrong token is not excused by a good
 * certificate. For one thread, but {@link #adopt} may come from any.
 */
public final class Access {

    private static final String SCHEME = "bearer ";

    private final CertificateHolders holders;
    private final Failures failures;
    private final Consumer<Outcome> tell;
    private volatile AdminTokens tokens;
    private volatile Runnable adopted = () -> {};

    /** How an attempt ended; what metrics count. */
    public enum Outcome {
        TOKEN,
        CERTIFICATE,
        /** Neither was shown. */
        MISSING,
        /** What was shown is nobody's. */
        UNKNOWN,
        /** This source has been wrong too often; what it showed was not looked at. */
        TOO_MANY,
        /** Somebody known, whose role does not cover what was asked for. */
        FORBIDDEN
    }

    /** @param actor present when, and only when, somebody was recognised */
    public record Attempt(Outcome outcome, Optional<Actor> actor) {}

    public Access(AdminTokens tokens, List<ClientCertificate> certificates, Failures failures, Consumer<Outcome> tell) {
        this.tokens = tokens;
        this.holders = new CertificateHolders(certificates);
        this.failures = failures;
        this.tell = tell;
    }

    /** From now on these tokens count. */
    public void adopt(AdminTokens next) {
        tokens = next;
        adopted.run();
    }

    /** What else is due then. Set once, before there are requests. */
    public void whenAdopted(Runnable action) {
        adopted = action;
    }

    /**
     * Who asks.
     *
     * @param authorization every field of that name
     * @param certificate shown and verified
     */
    public Attempt attempt(
            InetAddress source, List<String> authorization, Optional<X509Certificate> certificate, long nanos) {
        Attempt attempt = authorization.isEmpty() && certificate.isPresent()
                ? found(Outcome.CERTIFICATE, holders.actor(certificate.get()))
                : byToken(source, authorization, nanos);
        tell.accept(attempt.outcome());
        return attempt;
    }

    /** Somebody was recognised and may not. */
    public void forbidden() {
        tell.accept(Outcome.FORBIDDEN);
    }

    private Attempt byToken(InetAddress source, List<String> authorization, long nanos) {
        if (authorization.isEmpty()) {
            return new Attempt(Outcome.MISSING, Optional.empty());
        }
        if (failures.tooMany(source, nanos)) {
            return new Attempt(Outcome.TOO_MANY, Optional.empty());
        }
        // Two of them may be read differently by whoever stands between; neither counts.
        Attempt attempt = found(
                Outcome.TOKEN,
                authorization.size() == 1 ? bearer(authorization.get(0)).flatMap(tokens::actor) : Optional.empty());
        if (attempt.actor().isEmpty()) {
            failures.count(source, nanos);
        }
        return attempt;
    }

    private static Attempt found(Outcome by, Optional<Actor> actor) {
        return new Attempt(actor.isPresent() ? by : Outcome.UNKNOWN, actor);
    }

    /** RFC 6750 section 2.1; the scheme in any case. */
    private static Optional<String> bearer(String field) {
        return field.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? Optional.of(field.substring(SCHEME.length()).strip())
                : Optional.empty();
    }
}
