package io.postern.analytics.instrument;

import io.postern.analytics.context.Truth;
import io.postern.analytics.flow.AppTag;

/** What a baseline answers: is this usual for that app? Immutable, so that whoever asks may keep it. */
public interface Usual {

    /** No baseline: nothing is known to be usual, nor unusual. */
    Usual UNKNOWN = (tag, aspect, value) -> Truth.UNKNOWN;

    /**
     * @param value as {@link Aspect} says
     * @return false only where enough was learnt and this was not among it
     */
    Truth usual(AppTag tag, Aspect aspect, String value);

    /** In which respect. */
    enum Aspect {
        /** {@link io.postern.analytics.flow.Destination#name}. */
        DESTINATION(Novelty.DESTINATION),
        /** {@link io.postern.analytics.flow.Destination#domain}. */
        DOMAIN(Novelty.DOMAIN),
        /** One of {@link io.postern.analytics.flow.Flow#serviceClasses}. */
        SERVICE_CLASS(Novelty.SERVICE_CLASS),
        /** Label of the protocol, a slash, the port. */
        PORT(Novelty.PORT),
        /** JA4. */
        FINGERPRINT(Novelty.FINGERPRINT);

        private final int mark;

        Aspect(int mark) {
            this.mark = mark;
        }

        public int mark() {
            return mark;
        }
    }
}
