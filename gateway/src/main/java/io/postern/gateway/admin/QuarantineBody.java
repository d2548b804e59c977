package io.postern.gateway.admin;

import io.postern.analytics.flow.AppTag;
import io.postern.config.document.Reading;
import io.postern.config.grammar.Units;
import io.postern.gateway.identity.OwnerWords;
import io.postern.gateway.quarantine.Scope;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The body of {@code POST /v1/quarantine}.
 *
 * @param ttl absent: as the settings say; what is longer than they allow is cut to that
 */
public record QuarantineBody(Scope scope, Optional<Duration> ttl, boolean sticky, String reason) {

    private static final Set<String> MEMBERS = Set.of("device", "profile", "app", "ttl", "sticky", "reason");
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    /** The same of another device. */
    QuarantineBody of(String device) {
        return new QuarantineBody(new Scope(device, scope.profile(), scope.app()), ttl, sticky, reason);
    }

    static Reading<QuarantineBody> read(byte[] body) {
        return BodyMembers.read(body, MEMBERS, members -> {
            Optional<Scope> scope = scope(members);
            Optional<Duration> ttl = ttl(members);
            boolean sticky = members.flag("sticky").orElse(false);
            String reason = members.reason();
            return scope.map(whom -> new QuarantineBody(whom, ttl, sticky, reason));
        });
    }

    private static Optional<Scope> scope(BodyMembers members) {
        Optional<String> profile = members.text("profile");
        Optional<String> app = members.text("app");
        OwnerWords words = new OwnerWords(
                members.text("device").orElse(""), profile.orElse("work"), app.orElse(AppTag.NOBODY), OwnerWords.PROOF);
        Map<String, String> faults = words.faults();
        faults.forEach(members::wrong);
        if (app.isPresent() && app.get().indexOf(AppTag.AND) >= 0) {
            members.wrong("app", "must be one package");
        }
        return faults.isEmpty() ? Optional.of(new Scope(words.device(), profile, app)) : Optional.empty();
    }

    private static Optional<Duration> ttl(BodyMembers members) {
        Optional<String> text = members.text("ttl");
        Optional<Duration> ttl = text.flatMap(Units::duration);
        if (text.isPresent()
                && ttl.filter(time -> time.compareTo(SHORTEST) >= 0).isEmpty()) {
            members.wrong("ttl", "must be a time of 1s and more, such as 60m");
        }
        return ttl;
    }
}
