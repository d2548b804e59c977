package io.postern.gateway;

import io.postern.config.GatewaySettings;
import io.postern.config.document.Reading;
import io.postern.gateway.access.Access;
import io.postern.gateway.access.AdminTokens;
import io.postern.gateway.access.Failures;
import io.postern.gateway.access.TokensFile;
import io.postern.gateway.admin.AdminListener;
import io.postern.gateway.admin.Api;
import io.postern.gateway.admin.Health;
import io.postern.gateway.audit.AuditLog;
import io.postern.gateway.ingress.ListenerTls;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.state.StateFiles;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the admin listener rests on besides the gateway: its files, and that they are looked at again. */
final class AdminParts {

    private static final Logger LOG = LoggerFactory.getLogger(AdminParts.class);

    private final GatewaySettings.Admin settings;
    private final Meters meters;
    private final Optional<ListenerTls> tls;
    private final AdminListener listener;
    /** Read once the store is there: what is read may take long. */
    private Optional<Known> known = Optional.empty();

    private String notRenewed = "";

    /** Of the API. */
    record Known(Access access, AuditLog audit, TokensWatch watch) {}

    /** @throws IOException when a file of the listener's TLS does not read */
    AdminParts(GatewaySettings settings, Clock clock, Meters meters) throws IOException {
        GatewaySettings.Admin admin = settings.admin();
        this.settings = admin;
        this.meters = meters;
        tls = admin.tls().isPresent()
                ? Optional.of(new ListenerTls(
                        admin.tls().get(),
                        ListenerTls.HTTP_1_1,
                        settings.limits().tlsHandshakeTimeout()))
                : Optional.empty();
        tls.ifPresent(held -> meters.certificate("admin.tls", () -> held.secondsLeft(clock.instant())));
        listener = new AdminListener(admin.bind().loopback(), admin.hosts(), tls.map(made -> made::handler));
    }

    /** Starts to say that the gateway lives, and that it is not ready. */
    InetSocketAddress bind() throws IOException {
        InetSocketAddress wanted = settings.bind().socketAddress();
        try {
            return listener.bind(wanted).join();
        } catch (CompletionException e) {
            throw new IOException("admin: cannot bind " + wanted + ": " + e.getCause(), e);
        }
    }

    private static Known known(GatewaySettings settings, Meters meters) throws IOException {
        GatewaySettings.Admin admin = settings.admin();
        TokensFile.prepare(admin);
        Optional<Object> stamp = TokensWatch.stamp(admin.tokens());
        Reading<AdminTokens> tokens = new TokensFile(admin.tokens()).read();
        if (tokens.value().isEmpty()) {
            throw new IOException(tokens.problems().get(0).toString());
        }
        Access access = new Access(
                tokens.value().get(),
                admin.clientCertificates(),
                new Failures(),
                meters.adminAccess(Access.Outcome.class, AdminParts::label)::count);
        AuditLog audit = AuditLog.open(
                StateFiles.audit(settings), meters.auditEntries(AuditLog.Result.class, AdminParts::label)::count);
        meters.watch(
                "postern.audit.broken",
                "Whether the audit log's chain was found broken, 1 or 0",
                () -> audit.broken() ? 1 : 0);
        return new Known(access, audit, new TokensWatch(admin.tokens(), stamp, access, meters));
    }

    private static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * @param made what is served to those who are known, of their files
     * @throws IOException when a file does not read, or an own one cannot be made
     */
    Api api(GatewaySettings all, Health health, Function<Known, Api.Known> made) throws IOException {
        known = settings.api() ? Optional.of(known(all, meters)) : Optional.empty();
        return new Api(health, meters, settings.bind().loopback(), settings.hosts(), known.map(made));
    }

    void serve(Api api) {
        listener.serve(api);
    }

    /** @return done when nothing listens any more and nobody is served */
    CompletableFuture<Void> close() {
        return listener.close();
    }

    /** The next look reads them, changed or not. */
    void again() {
        known.ifPresent(parts -> parts.watch.again());
    }

    /** Looks at files that may have changed. Not for an event loop. */
    void look() {
        known.ifPresent(parts -> parts.watch.look());
        tls.ifPresent(this::renew);
    }

    private void renew(ListenerTls made) {
        try {
            if (made.reload()) {
                LOG.info("certificate renewed listener=admin");
            }
            notRenewed = "";
        } catch (IOException e) {
            // The same is told once, however often it is seen.
            if (!e.toString().equals(notRenewed)) {
                notRenewed = e.toString();
                LOG.warn("certificate not renewed listener=admin: {}", notRenewed);
            }
        }
    }
}
