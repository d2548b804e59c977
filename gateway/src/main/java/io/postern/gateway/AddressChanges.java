package io.postern.gateway;

import io.postern.gateway.admin.AddressCursor;
import io.postern.gateway.admin.AddressDesk;
import io.postern.gateway.admin.Sender;
import io.postern.gateway.audit.AuditEntry.Outcome;
import io.postern.gateway.audit.AuditLog;
import io.postern.gateway.identity.AddressBook;
import io.postern.gateway.identity.AddressOwner;
import io.postern.gateway.identity.AddressSource;
import io.postern.gateway.identity.OwnerWords;
import io.postern.gateway.privacy.Pseudonyms;
import io.postern.wire.ip.Prefix;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whose inner addresses are, by the admin API. A change is on the disk before it is in force, and flows of who has the
 * address no longer are ended. Runs on the offload thread.
 */
final class AddressChanges implements AddressDesk {

    private static final Logger LOG = LoggerFactory.getLogger(AddressChanges.class);
    private static final String RESOURCE = "/v1/addresses/";

    private final AddressBook book;
    private final AddressStore store;
    private final Runnable reassigned;
    private final AdminAudit audit;
    private final Pseudonyms names;
    private final Clock clock;

    /**
     * @param reassigned called after a change
     * @param names what devices are called by those who look, and in the audit log
     */
    AddressChanges(
            AddressBook book, AddressStore store, Runnable reassigned, AuditLog audit, Pseudonyms names, Clock clock) {
        this.names = names;
        this.book = book;
        this.store = store;
        this.reassigned = reassigned;
        this.audit = new AdminAudit(audit, clock);
        this.clock = clock;
    }

    @Override
    public List<Address> list(Optional<String> device, Optional<AddressCursor> after, int most) {
        return book
                .list(
                        tag -> device.isEmpty() || device.get().equals(tag.device()),
                        after.map(cursor -> new AddressBook.Place(cursor.prefix(), cursor.source())),
                        most)
                .stream()
                .map(entry -> address(entry.owner(), entry.source().label()))
                .toList();
    }

    @Override
    public Result assign(Prefix prefix, OwnerWords words, Optional<Duration> ttl, Sender sender) {
        AddressOwner owner = new AddressOwner(
                prefix,
                words.tag(),
                ttl.map(time -> clock.millis() + time.toMillis()).orElse(AddressOwner.FOREVER));
        Optional<AddressOwner> before = book.api().at(prefix);
        if (!book.api().takes(prefix)) {
            return refused(false, prefix.toString(), sender) ? nothing(End.FULL) : nothing(End.NOT_AUDITED);
        }
        return change(new Step(false, prefix, before, Optional.of(owner)), sender);
    }

    @Override
    public Result release(Prefix prefix, Sender sender) {
        Optional<AddressOwner> before = book.api().at(prefix);
        if (before.isEmpty()) {
            return refused(true, prefix.toString(), sender) ? nothing(End.ABSENT) : nothing(End.NOT_AUDITED);
        }
        return change(new Step(true, prefix, before, Optional.empty()), sender);
    }

    private record Step(boolean release, Prefix prefix, Optional<AddressOwner> before, Optional<AddressOwner> after) {

        /** As it is now, or was last. */
        AddressOwner shown() {
            return after.or(() -> before).orElseThrow();
        }

        End end() {
            return release ? End.RELEASED : before.isPresent() ? End.REPLACED : End.ASSIGNED;
        }
    }

    private Result change(Step step, Sender sender) {
        if (!told(step, Outcome.BEGUN, sender)) {
            return nothing(End.NOT_AUDITED);
        }
        boolean applied = apply(step, sender.request());
        if (!told(step, applied ? Outcome.APPLIED : Outcome.FAILED, sender)) {
            return nothing(applied ? End.END_NOT_AUDITED : End.FAILED);
        }
        return applied
                ? new Result(step.end(), Optional.of(address(step.shown(), AddressSource.API.label())))
                : nothing(End.FAILED);
    }

    private boolean apply(Step step, String request) {
        try {
            store.write(
                    book.api().all().stream()
                            .filter(owner -> !owner.prefix().equals(step.prefix))
                            .toList(),
                    step.after);
        } catch (IOException e) {
            LOG.error("addresses could not be stored request={}: {}", request, e.toString());
            return false;
        }
        step.after.ifPresentOrElse(book.api()::put, () -> book.api().remove(step.prefix));
        reassigned.run();
        return true;
    }

    @Override
    public boolean refused(boolean release, String prefix, Sender sender) {
        return audit.told(sender, step(release, prefix, Optional.empty(), Optional.empty()), Outcome.REFUSED);
    }

    private boolean told(Step step, Outcome outcome, Sender sender) {
        return audit.told(
                sender,
                step(
                        step.release,
                        step.prefix.toString(),
                        Optional.of(step.before.map(this::words).orElse("none")),
                        Optional.of(step.after.map(this::words).orElse("none"))),
                outcome);
    }

    private static AdminAudit.Step step(
            boolean release, String prefix, Optional<String> before, Optional<String> after) {
        return new AdminAudit.Step(release ? "address.release" : "address.assign", RESOURCE + prefix, before, after);
    }

    private String words(AddressOwner owner) {
        OwnerWords words = OwnerWords.of(owner.tag());
        return String.join(" ", names.of(words.device()), words.profile(), words.app(), words.proof())
                + until(owner).map(time -> " until " + time).orElse("");
    }

    private Address address(AddressOwner owner, String source) {
        OwnerWords words = OwnerWords.of(owner.tag());
        return new Address(
                owner.prefix().toString(),
                names.of(words.device()),
                words.profile(),
                words.app(),
                words.proof(),
                source,
                until(owner));
    }

    private static Optional<String> until(AddressOwner owner) {
        return owner.untilMillis() == AddressOwner.FOREVER
                ? Optional.empty()
                : Optional.of(Instant.ofEpochMilli(owner.untilMillis()).toString());
    }

    private static Result nothing(End end) {
        return new Result(end, Optional.empty());
    }
}
