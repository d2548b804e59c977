package io.postern.gateway.coverage;

import io.postern.analytics.context.FactKind;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The five analytics, each with the kinds of facts its definition correlates with what is seen on the network.
 *
 * <p>The first two start from what only a source can tell: where nothing of it is known they are blind. The others see a
 * part on the network alone.
 */
enum Need {
    /** Web Service: background activation, protected resources or staging, then a web platform; locked, no interaction. */
    AN1770(
            FactKind.BACKGROUND_START,
            FactKind.PROTECTED_RESOURCE,
            FactKind.STAGING,
            FactKind.LOCK,
            FactKind.APP_STATE,
            FactKind.INTERACTION,
            FactKind.INVENTORY),
    /** Application Layer Protocol: deviating sessions, during background execution or on a locked device. */
    AN1793(FactKind.LOCK, FactKind.APP_STATE),
    /** Non-Standard Port: backgrounded, locked, without interaction, after a job or service start, unmanaged. */
    AN1827(FactKind.LOCK, FactKind.APP_STATE, FactKind.INTERACTION, FactKind.BACKGROUND_START, FactKind.INVENTORY),
    /** Web Protocols: cadence and sizes; background exchanges are a stream of their own (rule 3). */
    AN1681(FactKind.LOCK, FactKind.APP_STATE),
    /** Encrypted Channel: cryptography and staging, then transmission; in the background or without interaction. */
    AN1716(FactKind.CRYPTO, FactKind.STAGING, FactKind.LOCK, FactKind.APP_STATE, FactKind.INTERACTION);

    @SuppressWarnings("ImmutableEnumChecker") // Nobody writes to it.
    private final Set<FactKind> facts;

    Need(FactKind... facts) {
        this.facts = Collections.unmodifiableSet(EnumSet.copyOf(List.of(facts)));
    }

    Set<FactKind> facts() {
        return facts;
    }

    /** Whether it sees nothing at all where no fact is known. */
    boolean ofFactsAlone() {
        return this == AN1770 || this == AN1716;
    }
}
