package io.postern.gateway;

import io.postern.config.GatewaySettings;
import io.postern.gateway.admin.AddressDesk;
import io.postern.gateway.audit.AuditLog;
import io.postern.gateway.identity.AddressBook;
import io.postern.gateway.identity.AddressSource;
import io.postern.gateway.identity.InnerAddresses;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.privacy.Pseudonyms;
import io.postern.gateway.radius.RadiusResult;
import io.postern.gateway.radius.RadiusServer;
import io.postern.gateway.state.StateFiles;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/** Whose inner addresses are: who says so, put together from the settings. */
final class AddressParts {

    /** Ours: an address of each family and a network, for most sessions. */
    private static final int PREFIXES_OF_SESSION = 3;

    private static final int MOST_BY_RADIUS = 1_000_000;

    private final AddressBook book;
    private final AddressStore store;
    private final Clock clock;
    private final Optional<RadiusServer> radius;

    /** @throws IOException when an own file does not read */
    AddressParts(GatewaySettings settings, Clock clock, Meters meters) throws IOException {
        this.clock = clock;
        book = new AddressBook(
                InnerAddresses.NONE,
                settings.identity().radius().map(AddressParts::prefixes).orElse(0));
        store = new AddressStore(StateFiles.addresses(settings));
        store.read(book.api());
        book.api().expire(clock.millis());
        meters.watchEach(
                "postern.addresses",
                "Prefixes of inner addresses whose owner is known",
                "source",
                AddressSource.class,
                AddressSource::label,
                book::size);
        Optional<GatewaySettings.Radius> asked = settings.identity().radius();
        radius = asked.isPresent()
                ? Optional.of(radius(asked.get(), StateFiles.sessions(settings), meters))
                : Optional.empty();
    }

    private static int prefixes(GatewaySettings.Radius radius) {
        return Math.min(
                MOST_BY_RADIUS,
                PREFIXES_OF_SESSION * radius.sessions() * radius.clients().size());
    }

    private RadiusServer radius(GatewaySettings.Radius settings, Path kept, Meters meters) throws IOException {
        RadiusServer server = new RadiusServer(
                settings, book.radius(), kept, clock, meters.radius(RadiusResult.class, RadiusResult::label)::count);
        meters.watch("postern.radius.sessions", "Sessions that RADIUS clients have told of", server::sessions);
        return server;
    }

    /** Begins to listen. */
    void open() throws IOException {
        if (radius.isPresent()) {
            radius.get().open();
        }
    }

    /** Where accounting requests come in; absent: nowhere. */
    Optional<InetSocketAddress> radius() {
        return radius.flatMap(RadiusServer::address);
    }

    void close() {
        radius.ifPresent(RadiusServer::close);
    }

    AddressBook book() {
        return book;
    }

    /** @param reassigned called after a change */
    AddressDesk desk(Runnable reassigned, AuditLog audit, Pseudonyms names) {
        return new AddressChanges(book, store, reassigned, audit, names, clock);
    }

    /** Lets go of what has had its time, and passes on that sessions have changed: together, for there can be many. */
    void look(Runnable reassigned) {
        boolean expired = book.api().expire(clock.millis());
        if (radius.filter(RadiusServer::takeChanged).isPresent() || expired) {
            reassigned.run();
        }
    }
}
