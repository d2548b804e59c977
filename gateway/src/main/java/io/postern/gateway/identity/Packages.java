package io.postern.gateway.identity;

import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The packages of one UID as the one app they are to all state. Android gives a UID to several packages of one signer
 * that ask for it ({@code sharedUserId}), and who sees UIDs only cannot tell them apart.
 */
final class Packages {

    /** Of one UID. */
    static final int MOST = 16;

    /** Of the grammar, at most {@value #LENGTH} characters each and {@value #TOGETHER} together. */
    static final String RULE = "must be one, 2 to " + MOST + " of one UID, or -";

    private static final int LENGTH = 255;
    private static final int TOGETHER = 1024;

    private Packages() {}

    /**
     * @param packages one, which may be {@code -}, or 2 to {@value #MOST} different ones in any order
     * @return what {@link AppTag#app} says of them; empty when one does not keep its grammar or is there twice
     */
    static Optional<String> app(Collection<String> packages) {
        TreeSet<String> sorted = new TreeSet<>(packages);
        boolean good = !packages.isEmpty()
                && packages.size() <= MOST
                && sorted.size() == packages.size()
                && sorted.stream().allMatch(Packages::good)
                && (sorted.size() == 1 || !sorted.contains(AppTag.NOBODY));
        return Optional.of(String.join(String.valueOf(AppTag.AND), sorted))
                .filter(app -> good && app.length() <= TOGETHER);
    }

    private static boolean good(String name) {
        return name.length() <= LENGTH && CompactTag.APP.matcher(name).matches();
    }

    /** Whose word it is. */
    static AppAssurance assurance(String app) {
        if (app.equals(AppTag.NOBODY)) {
            return AppAssurance.NONE;
        }
        return app.indexOf(AppTag.AND) < 0 ? AppAssurance.DEVICE_ASSERTED : AppAssurance.SHARED_UID;
    }
}
