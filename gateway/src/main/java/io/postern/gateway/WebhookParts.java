package io.postern.gateway;

import io.postern.config.ResponseSettings;
import io.postern.config.policy.Policy;
import io.postern.gateway.finding.FindingDesk;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.privacy.Pseudonyms;
import io.postern.gateway.quarantine.Quarantine;
import io.postern.gateway.records.DeviceLines;
import io.postern.gateway.records.OcsfFinding;
import io.postern.gateway.rules.Judges;
import io.postern.gateway.state.Store;
import io.postern.gateway.webhook.FindingLetters;
import io.postern.gateway.webhook.QuarantineLetters;
import io.postern.gateway.webhook.ToldQuarantines;
import io.postern.gateway.webhook.Webhook;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;

/** The receiver that is told, and of what. */
final class WebhookParts implements AutoCloseable {

    private final Webhook webhook;

    /** @throws IOException when the store or the certificates that are trusted cannot be read */
    WebhookParts(
            ResponseSettings.Webhook receiver,
            Store store,
            FindingDesk findings,
            QuarantineParts quarantine,
            Judges judges,
            Pseudonyms names,
            Clock clock,
            Meters meters)
            throws IOException {
        webhook = Webhook.start(receiver, store, clock, meters);
        FindingLetters found = new FindingLetters(
                new OcsfFinding(Version.text(), names::of), receiver.severity(), app -> owner(judges, app));
        findings.whenTold(news -> found.of(news, clock.millis()).ifPresent(letter -> webhook.tell(letter, () -> {})));
        QuarantineLetters contained =
                new QuarantineLetters(app -> owner(judges, app), quarantine::contained, names::of);
        ToldQuarantines told = new ToldQuarantines(store);
        for (Quarantine one : told.untold(quarantine.standing(), quarantine.ended())) {
            tell(one, contained, told);
        }
        quarantine.whenTold(one -> tell(one, contained, told));
    }

    private void tell(Quarantine one, QuarantineLetters letters, ToldQuarantines told) {
        webhook.tell(letters.of(one), () -> told.told(one));
    }

    private static Optional<String> owner(Judges judges, String app) {
        return Optional.ofNullable(judges.rules().policy().apps().get(app)).flatMap(Policy.App::owner);
    }

    /** See {@link Webhook#forget(DeviceLines)}. */
    long forget(DeviceLines device) throws IOException {
        return webhook.forget(device);
    }

    @Override
    public void close() {
        webhook.close();
    }
}
