package io.postern.gateway;

import io.postern.config.GatewaySettings;
import io.postern.gateway.admin.AddressDesk;
import io.postern.gateway.audit.AuditLog;
import io.postern.gateway.identity.AddressBook;
import io.postern.gateway.identity.AddressSource;
import io.postern.gateway.identity.InnerAddresses;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.state.StateFiles;
import java.io.IOException;
import java.time.Clock;

/** Whose inner addresses are: who says so, put together from the settings. */
final class AddressParts {

    private final AddressBook book = new AddressBook(InnerAddresses.NONE);
    private final AddressStore store;
    private final Clock clock;

    /** @throws IOException when an own file does not read */
    AddressParts(GatewaySettings settings, Clock clock, Meters meters) throws IOException {
        this.clock = clock;
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
    }

    AddressBook book() {
        return book;
    }

    /** @param reassigned called after a change */
    AddressDesk desk(Runnable reassigned, AuditLog audit) {
        return new AddressChanges(book, store, reassigned, audit, clock);
    }

    /** Lets go of what has had its time. */
    void look(Runnable reassigned) {
        if (book.api().expire(clock.millis())) {
            reassigned.run();
        }
    }
}
