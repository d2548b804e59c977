package io.postern.analytics.context;

import io.postern.analytics.context.ContextEvent.StartedInBackground;
import io.postern.analytics.context.ContextEvent.UsedCrypto;
import io.postern.analytics.context.ContextEvent.UsedResource;

/**
 * Something an app did, as it is remembered.
 *
 * @param kind BACKGROUND_START, PROTECTED_RESOURCE, CRYPTO or STAGING
 * @param code of what it was, to be asked by the method of its kind
 */
public record AppEvent(FactKind kind, long atMillis, String source, int code) {

    private static final int KIND_SHIFT = 13;
    private static final int CODE = (1 << KIND_SHIFT) - 1;
    private static final int SIZE_SHIFT = 5;
    private static final int SIZES = 255;
    private static final int ENTROPY_UNKNOWN = 31;

    private static final FactKind[] KINDS = {
        FactKind.BACKGROUND_START, FactKind.PROTECTED_RESOURCE, FactKind.CRYPTO, FactKind.STAGING
    };
    private static final StartedInBackground.Trigger[] TRIGGERS = StartedInBackground.Trigger.values();
    private static final UsedResource.Resource[] RESOURCES = UsedResource.Resource.values();
    private static final UsedResource.Phase[] PHASES = UsedResource.Phase.values();
    private static final UsedCrypto.Operation[] OPERATIONS = UsedCrypto.Operation.values();

    public StartedInBackground.Trigger trigger() {
        return TRIGGERS[code];
    }

    public UsedResource.Resource resource() {
        return RESOURCES[code >> 2];
    }

    public UsedResource.Phase phase() {
        return PHASES[code & 3];
    }

    public UsedCrypto.Operation operation() {
        return OPERATIONS[code >> 8];
    }

    /** Bytes staged, or worked on by cryptography: within a tenth; 0 if not said. */
    public double bytes() {
        int size = kind == FactKind.STAGING ? code >> SIZE_SHIFT : code & SIZES;
        return size == 0 ? 0 : Math.pow(2, (size - 1) / 4.0);
    }

    /** Bits per byte of what was staged, within an eighth; negative if not said. */
    public double entropy() {
        int entropy = code & ENTROPY_UNKNOWN;
        return entropy == ENTROPY_UNKNOWN ? -1 : entropy / 3.75;
    }

    static AppEvent of(long entry, String source) {
        int what = Timeline.what(entry);
        return new AppEvent(KINDS[what >>> KIND_SHIFT], Timeline.millis(entry), source, what & CODE);
    }

    static FactKind kind(long entry) {
        return KINDS[Timeline.what(entry) >>> KIND_SHIFT];
    }

    /** Whether what is remembered counts: of cryptography only what works on data does. */
    static boolean counts(long entry) {
        return kind(entry) != FactKind.CRYPTO || OPERATIONS[(Timeline.what(entry) & CODE) >> 8].onData();
    }

    /** Whether it says that a use began, and not that it ended. */
    static boolean begins(long entry) {
        return kind(entry) == FactKind.PROTECTED_RESOURCE
                && PHASES[Timeline.what(entry) & 3] == UsedResource.Phase.START;
    }

    /** What a timeline keeps of it; -1 if it is no event of an app. */
    @SuppressWarnings("EnumOrdinal") // written as a number, like all that is remembered
    static int remembered(ContextEvent.Said said) {
        if (said instanceof StartedInBackground start) {
            return start.trigger().ordinal();
        }
        if (said instanceof UsedResource use) {
            return (1 << KIND_SHIFT)
                    | (use.resource().ordinal() << 2)
                    | use.phase().ordinal();
        }
        if (said instanceof UsedCrypto use) {
            return (2 << KIND_SHIFT)
                    | (use.operation().ordinal() << 8)
                    | size(use.bytes().orElse(0));
        }
        if (said instanceof ContextEvent.Staged staged) {
            int entropy = staged.entropy().isPresent()
                    ? (int) Math.round(staged.entropy().getAsDouble() * 3.75)
                    : -1;
            int kept = entropy < 0 || entropy >= ENTROPY_UNKNOWN ? ENTROPY_UNKNOWN : entropy;
            return (3 << KIND_SHIFT) | (size(staged.bytes()) << SIZE_SHIFT) | kept;
        }
        return -1;
    }

    private static int size(long bytes) {
        return bytes <= 0 ? 0 : 1 + (int) Math.round(4 * Math.log((double) bytes) / Math.log(2));
    }
}
