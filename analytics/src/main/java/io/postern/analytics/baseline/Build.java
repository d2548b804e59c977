package io.postern.analytics.baseline;

/**
 * What is known of the build of an app.
 *
 * @param version Android's version code; negative if unknown
 * @param signer SHA-256 of the signing certificate as lower-case hex; empty if unknown
 */
public record Build(long version, String signer) {

    public static final Build UNKNOWN = new Build(-1, "");

    public boolean known() {
        return version >= 0 || !signer.isEmpty();
    }

    /** Whether what holds for this one holds for another: not for a newer version, nor for another signer. */
    public boolean covers(Build other) {
        boolean newer = version >= 0 && other.version > version;
        boolean foreign = !signer.isEmpty() && !other.signer.isEmpty() && !signer.equals(other.signer);
        return !newer && !foreign;
    }
}
